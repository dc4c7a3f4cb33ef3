//! The catalogue of changes: what can differ, and what that means for clients that read responses.

use std::fmt;

use seedance_query::model::catalogue::catalogue;
use serde::Serialize;

/// What a change means to a client that was built from the old document.
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
    pub enum ChangeKind: (Impact, &'static str), in Impact {
        /// The path or the method of the query has changed.
        OperationMoved, "operation-moved", (Breaking,
            "a client built from the old spec queries the wrong path");
        /// A further HTTP status is a success.
        SuccessStatusAdded, "success-status-added", (Breaking,
            "a client built from the old spec treats such a response as an error");
        /// An HTTP status is no longer a success.
        SuccessStatusRemoved, "success-status-removed", (Breaking,
            "a client built from the new spec treats such a response as an error");
        /// The member that tells the shape of a task has changed.
        DiscriminatorChanged, "discriminator-changed", (Breaking,
            "a client built from the old spec looks at the wrong member, and the new contract rejects \
             bodies that the old one accepts");
        /// A task can have a new status.
        StatusAdded, "status-added", (Breaking,
            "a client built from the old spec cannot read a task that has it");
        /// A status of a task was removed.
        StatusRemoved, "status-removed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A status belongs to a different shape.
        StatusMoved, "status-moved", (Breaking,
            "a client built from the old spec treats such a task as one of the old shape");
        /// Tasks can have a new shape.
        ShapeAdded, "shape-added", (Breaking,
            "a client built from the old spec cannot read a task of this shape");
        /// A shape of tasks was removed.
        ShapeRemoved, "shape-removed", (Breaking,
            "a client built from the old spec waits for a shape that no longer occurs");
        /// The members that tell apart two shapes with the same status have changed.
        ShapeConditionChanged, "shape-condition-changed", (Breaking,
            "the two specs assign different shapes to some tasks");
        /// An error envelope, or a form of an object, was added.
        VariantAdded, "variant-added", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// An error envelope, or a form of an object, was removed.
        VariantRemoved, "variant-removed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field was removed.
        FieldRemoved, "field-removed", (Breaking,
            "a client built from the old spec reads a field that no longer occurs");
        /// A required field was added.
        RequiredFieldAdded, "required-field-added", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field has become required.
        RequiredAdded, "required-added", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field is no longer required.
        RequiredRemoved, "required-removed", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// The JSON type of a value has changed.
        TypeChanged, "type-changed", (Breaking,
            "a client built from the old spec cannot read what the new one allows, and the new contract \
             rejects bodies that the old one accepts");
        /// A value can have more JSON types.
        TypeWidened, "type-widened", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// A value can have fewer JSON types.
        TypeNarrowed, "type-narrowed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A value can be null.
        NullAdded, "null-added", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// A value can no longer be null.
        NullRemoved, "null-removed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A closed set has more values.
        ValuesWidened, "values-widened", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// A closed set has fewer values.
        ValuesNarrowed, "values-narrowed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A value was any text and is now one of a closed set.
        ValuesClosed, "values-closed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A value was one of a closed set and can now be any text.
        ValuesOpened, "values-opened", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// The minimum length of a text is greater.
        MinLengthRaised, "min-length-raised", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// The minimum length of a text is smaller.
        MinLengthLowered, "min-length-lowered", (Breaking,
            "a client built from the old spec does not expect what the new one allows");
        /// An optional field was added.
        FieldAdded, "field-added", (Compatible,
            "a client built from the old spec ignores it");
        /// The documentation now promises a field.
        PresenceAdded, "presence-added", (Compatible,
            "a body without it now departs from the documentation");
        /// The documentation no longer promises a field.
        PresenceRemoved, "presence-removed", (Compatible,
            "a body without it now follows the documentation");
        /// The documented JSON types of a value have changed; the contract accepts the same ones.
        DocumentedTypesChanged, "documented-types-changed", (Compatible,
            "the contract accepts the same types");
        /// An open set has more documented values.
        OpenValuesAdded, "open-values-added", (Compatible,
            "the contract accepts any text");
        /// An open set has fewer documented values.
        OpenValuesRemoved, "open-values-removed", (Compatible,
            "the contract accepts any text; a removed value is now a warning");
        /// The values of a text are documented, as an open set.
        OpenSetAdded, "open-set-added", (Compatible,
            "the contract accepts any text; an undocumented value is now a warning");
        /// The values of a text are no longer documented.
        OpenSetRemoved, "open-set-removed", (Compatible,
            "the contract accepts any text");
        /// The documented pattern of a text has changed.
        PatternChanged, "pattern-changed", (Compatible,
            "the contract accepts any text");
        /// An object can have members that are not listed.
        MembersOpened, "members-opened", (Compatible,
            "the contract accepts any member");
        /// Members of an object that are not listed are undocumented now.
        MembersClosed, "members-closed", (Compatible,
            "the contract accepts any member");
        /// The time for which a URL is valid has changed.
        ValidForChanged, "valid-for-changed", (Compatible,
            "a client that relies on the old time may be too late");
        /// The recommended poll interval has changed.
        PollIntervalChanged, "poll-interval-changed", (Compatible,
            "a client built from the old spec keeps polling at the old interval");
        /// An HTTP status of an error is documented.
        HttpStatusAdded, "http-status-added", (Compatible,
            "such a response has the body of any error");
        /// An HTTP status of an error is no longer documented.
        HttpStatusRemoved, "http-status-removed", (Compatible,
            "such a response has the body of any error");
        /// A host of the API was added.
        ServerAdded, "server-added", (Compatible,
            "responses are the same");
        /// A host of the API was removed.
        ServerRemoved, "server-removed", (Compatible,
            "responses are the same, but this host may no longer serve them");
    }
}

impl ChangeKind {
    /// What a change of this kind means to a client that was built from the old document.
    #[must_use]
    pub const fn impact(self) -> Impact {
        self.details().0
    }

    /// What it means for clients that read responses.
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        self.details().1
    }
}
