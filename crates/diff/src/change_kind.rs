//! The catalogue of changes: what can differ, and what that means for clients that read responses.

use std::fmt;

use super::{
    audience::{Audience, Effect, Side},
    semver::Semver,
};
use seedance_query::model::catalogue::catalogue;
use serde::Serialize;

/// Whether a change breaks anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// For something that both documents have, the contract no longer accepts the same bodies.
    Breaking,
    /// Nothing changes that a client must be able to rely on.
    Compatible,
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
        })
    }
}

catalogue! {
    /// What can change from one document to another.
    ///
    /// Each kind has a stable id, one impact and one meaning; the meaning of an id never changes.
    pub enum ChangeKind: (Effect, &'static str), in Effect {
        /// The path or the method of the query has changed.
        OperationMoved, "operation-moved", (Replaces,
            "a client built from the old spec queries the wrong path");
        /// An operation was removed.
        OperationRemoved, "operation-removed", (Replaces,
            "a client built from the old spec calls what no longer exists");
        /// A parameter that a call must have was added.
        RequiredParameterAdded, "required-parameter-added", (Narrows,
            "a client built from the old spec does not send it");
        /// A parameter was removed.
        ParameterRemoved, "parameter-removed", (Narrows,
            "a client built from the old spec sends what the new one does not know");
        /// A call must now have a parameter.
        ParameterRequiredAdded, "parameter-required-added", (Narrows,
            "a client built from the old spec may not send it");
        /// The way to authenticate has changed.
        SecurityChanged, "security-changed", (Narrows,
            "a client built from the old spec may be refused");
        /// A response header was removed.
        HeaderRemoved, "header-removed", (Widens,
            "a client built from the old spec reads a header that no longer occurs");
        /// The body of a response is no longer described.
        BodyRemoved, "body-removed", (Widens,
            "a client built from the old spec reads a body of which nothing is promised any more");
        /// A further HTTP status is a success.
        SuccessStatusAdded, "success-status-added", (Widens,
            "a client built from the old spec treats such a response as an error");
        /// An HTTP status is no longer a success.
        SuccessStatusRemoved, "success-status-removed", (Narrows,
            "a client built from the new spec treats such a response as an error");
        /// The member that tells the shape of a task has changed.
        DiscriminatorChanged, "discriminator-changed", (Replaces,
            "a client built from the old spec looks at the wrong member, and the new contract rejects \
             bodies that the old one accepts");
        /// A task can have a new status.
        StatusAdded, "status-added", (Widens,
            "a client built from the old spec cannot read a task that has it");
        /// A status of a task was removed.
        StatusRemoved, "status-removed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A status belongs to a different shape.
        StatusMoved, "status-moved", (Replaces,
            "a client built from the old spec treats such a task as one of the old shape");
        /// Tasks can have a new shape.
        ShapeAdded, "shape-added", (Widens,
            "a client built from the old spec cannot read a task of this shape");
        /// A shape of tasks was removed.
        ShapeRemoved, "shape-removed", (Narrows,
            "a client built from the old spec waits for a shape that no longer occurs");
        /// The members that tell apart two shapes with the same status have changed.
        ShapeConditionChanged, "shape-condition-changed", (Replaces,
            "the two specs assign different shapes to some tasks");
        /// A shape means that a task has ended, or how, where it did not.
        OutcomeChanged, "outcome-changed", (Replaces,
            "a client built from the old spec waits for such a task, or looks for its video, in vain");
        /// An error envelope, or a form of an object, was added.
        VariantAdded, "variant-added", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// An error envelope, or a form of an object, was removed.
        VariantRemoved, "variant-removed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A field was removed.
        FieldRemoved, "field-removed", (Widens,
            "a client built from the old spec reads a field that no longer occurs");
        /// A required field was added.
        RequiredFieldAdded, "required-field-added", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A field has become required.
        RequiredAdded, "required-added", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A field is no longer required.
        RequiredRemoved, "required-removed", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// The JSON type of a value has changed.
        TypeChanged, "type-changed", (Replaces,
            "a client built from the old spec cannot read what the new one allows, and the new contract \
             rejects bodies that the old one accepts");
        /// A value can have more JSON types.
        TypeWidened, "type-widened", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// A value can have fewer JSON types.
        TypeNarrowed, "type-narrowed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A value can be null.
        NullAdded, "null-added", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// A value can no longer be null.
        NullRemoved, "null-removed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A closed set has more values.
        ValuesWidened, "values-widened", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// A closed set has fewer values.
        ValuesNarrowed, "values-narrowed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A value was any text and is now one of a closed set.
        ValuesClosed, "values-closed", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A value was one of a closed set and can now be any text.
        ValuesOpened, "values-opened", (Widens,
            "a client built from the old spec cannot read what the new one allows");
        /// The minimum length of a text is greater.
        MinLengthRaised, "min-length-raised", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// The minimum length of a text is smaller.
        MinLengthLowered, "min-length-lowered", (Widens,
            "a client built from the old spec does not expect what the new one allows");
        /// A value has a bound that it did not have.
        ConstraintAdded, "constraint-added", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A bound of a value was removed.
        ConstraintRemoved, "constraint-removed", (Widens,
            "a client built from the old spec does not expect what the new one allows");
        /// A bound of a value is tighter.
        ConstraintTightened, "constraint-tightened", (Narrows,
            "the new contract rejects bodies that the old one accepts");
        /// A bound of a value is looser.
        ConstraintLoosened, "constraint-loosened", (Widens,
            "a client built from the old spec does not expect what the new one allows");
        /// A bound of a value has changed to one that cannot be compared with it.
        ConstraintChanged, "constraint-changed", (Replaces,
            "either contract may reject bodies that the other one accepts");
        /// The format of a text has changed.
        FormatChanged, "format-changed", (Replaces,
            "either contract may reject bodies that the other one accepts");
        /// An operation was added.
        OperationAdded, "operation-added", (Adds,
            "a client built from the old spec does not call it");
        /// The name of an operation has changed.
        OperationIdChanged, "operation-id-changed", (Documents,
            "the call is the same; generated clients have another name for it");
        /// A parameter of the path has another name.
        ParameterRenamed, "parameter-renamed", (Documents,
            "the call is the same");
        /// An optional parameter was added.
        ParameterAdded, "parameter-added", (Adds,
            "a client built from the old spec does not send it");
        /// A call need no longer have a parameter.
        ParameterRequiredRemoved, "parameter-required-removed", (Adds,
            "a client built from the old spec sends it all the same");
        /// A response header was added.
        HeaderAdded, "header-added", (Adds,
            "a client built from the old spec ignores it");
        /// The body of a response is described.
        BodyAdded, "body-added", (Adds,
            "nothing was said of such a body");
        /// The shapes of an object are told apart.
        DiscriminatorAdded, "discriminator-added", (Documents,
            "which members go together is documented now");
        /// The shapes of an object are no longer told apart.
        DiscriminatorRemoved, "discriminator-removed", (Documents,
            "which members go together is no longer documented");
        /// The other words for the values of a discriminator have changed.
        StatusWordsChanged, "status-words-changed", (Documents,
            "the contract accepts the same values; undocumented words may be read differently");
        /// A field that is only observed was added.
        ObservedFieldAdded, "observed-field-added", (Documents,
            "nothing promises it");
        /// A field that was only observed is no longer listed.
        ObservedFieldRemoved, "observed-field-removed", (Documents,
            "nothing promised it");
        /// A field is deprecated.
        DeprecatedAdded, "deprecated-added", (Adds,
            "a client should stop using it");
        /// A field is no longer deprecated.
        DeprecatedRemoved, "deprecated-removed", (Documents,
            "a client can use it");
        /// The default of a value has changed.
        DefaultChanged, "default-changed", (Documents,
            "a client that relies on the default may have to change");
        /// An optional field was added.
        FieldAdded, "field-added", (Adds,
            "a client built from the old spec ignores it");
        /// The documentation now promises a field.
        PresenceAdded, "presence-added", (Adds,
            "a body without it now departs from the documentation");
        /// The documentation no longer promises a field.
        PresenceRemoved, "presence-removed", (Documents,
            "a body without it now follows the documentation");
        /// The documented JSON types of a value have changed; the contract accepts the same ones.
        DocumentedTypesChanged, "documented-types-changed", (Documents,
            "the contract accepts the same types");
        /// An open set has more documented values.
        OpenValuesAdded, "open-values-added", (Adds,
            "the contract accepts any text");
        /// An open set has fewer documented values.
        OpenValuesRemoved, "open-values-removed", (Documents,
            "the contract accepts any text; a removed value is now a warning");
        /// The values of a text are documented, as an open set.
        OpenSetAdded, "open-set-added", (Documents,
            "the contract accepts any text; an undocumented value is now a warning");
        /// The values of a text are no longer documented.
        OpenSetRemoved, "open-set-removed", (Documents,
            "the contract accepts any text");
        /// The documented pattern of a text has changed.
        PatternChanged, "pattern-changed", (Documents,
            "the contract accepts any text");
        /// An object can have members that are not listed.
        MembersOpened, "members-opened", (Adds,
            "the contract accepts any member");
        /// Members of an object that are not listed are undocumented now.
        MembersClosed, "members-closed", (Documents,
            "the contract accepts any member");
        /// The time for which a URL is valid has changed.
        ValidForChanged, "valid-for-changed", (Documents,
            "a client that relies on the old time may be too late");
        /// The recommended poll interval has changed.
        PollIntervalChanged, "poll-interval-changed", (Documents,
            "a client built from the old spec keeps polling at the old interval");
        /// An HTTP status of an error is documented.
        HttpStatusAdded, "http-status-added", (Adds,
            "such a response has the body of any error");
        /// An HTTP status of an error is no longer documented.
        HttpStatusRemoved, "http-status-removed", (Documents,
            "such a response has the body of any error");
        /// A host of the API was added.
        ServerAdded, "server-added", (Adds,
            "responses are the same");
        /// A host of the API was removed.
        ServerRemoved, "server-removed", (Documents,
            "responses are the same, but this host may no longer serve them");
    }
}

impl ChangeKind {
    /// Whether a change of this kind breaks anyone, in a response.
    #[must_use]
    pub fn impact(self) -> Impact {
        self.impact_on(Side::Response)
    }

    /// The same in what one side sends.
    pub(super) fn impact_on(self, side: Side) -> Impact {
        match self.breaks(side) {
            [] => Impact::Compatible,
            _ => Impact::Breaking,
        }
    }

    /// Whom it breaks, in what one side sends.
    #[must_use]
    pub fn breaks(self, side: Side) -> &'static [Audience] {
        self.effect(side).breaks(side)
    }

    /// Which part of a version number it is worth.
    #[must_use]
    pub fn semver(self, side: Side) -> Semver {
        if !self.breaks(side).is_empty() {
            return Semver::Major;
        }
        match self.effect(side) {
            Effect::Documents => Semver::Patch,
            _ => Semver::Minor,
        }
    }

    fn effect(self, side: Side) -> Effect {
        match (self, side) {
            // A sender still sends what is no longer there.
            (Self::FieldRemoved, Side::Request) => Effect::Narrows,
            _ => self.details().0,
        }
    }

    /// What it means for clients that read responses.
    #[must_use]
    pub fn consequence(self) -> &'static str {
        self.details().1
    }
}
