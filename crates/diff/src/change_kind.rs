//! The catalogue of changes: what can differ, and what that means to whoever reads responses.

use std::fmt;

use seedance_query::model::catalogue::catalogue;
use serde::Serialize;

/// What a change means to a client that was built from the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// The contract accepts other bodies than before, for something that was there before.
    Breaking,
    /// Nothing that a client must be able to rely on is another.
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
    /// Each kind has a stable id, one impact and a meaning; none is ever given another meaning under
    /// the same id.
    pub enum ChangeKind: (Impact, &'static str), in Impact {
        /// The query has another path or method.
        OperationMoved, "operation-moved", (Breaking,
            "a client built from the old spec queries the wrong path");
        /// Another HTTP status is a success.
        SuccessStatusAdded, "success-status-added", (Breaking,
            "a client built from the old spec takes such a response for an error");
        /// An HTTP status is no longer a success.
        SuccessStatusRemoved, "success-status-removed", (Breaking,
            "a client built from the new spec takes such a response for an error");
        /// Another member of a task tells its shape.
        DiscriminatorChanged, "discriminator-changed", (Breaking,
            "a client built from the old spec looks at the wrong member, and the new contract rejects \
             bodies that the old one accepts");
        /// A status of a task is new.
        StatusAdded, "status-added", (Breaking,
            "a client built from the old spec cannot read a task that has it");
        /// A status of a task is gone.
        StatusRemoved, "status-removed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A status means another shape.
        StatusMoved, "status-moved", (Breaking,
            "a client built from the old spec takes such a task for something else");
        /// A shape of tasks is new.
        ShapeAdded, "shape-added", (Breaking,
            "a client built from the old spec cannot read a task of this shape");
        /// A shape of tasks is gone.
        ShapeRemoved, "shape-removed", (Breaking,
            "a client built from the old spec waits for something that no longer comes");
        /// Other members tell a shape from another with the same status.
        ShapeConditionChanged, "shape-condition-changed", (Breaking,
            "the two specs take some tasks for different shapes");
        /// An error envelope, or another form of an object, is new.
        VariantAdded, "variant-added", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// An error envelope, or another form of an object, is gone.
        VariantRemoved, "variant-removed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field is gone.
        FieldRemoved, "field-removed", (Breaking,
            "a client built from the old spec reads what no longer comes");
        /// A field is new, and required.
        RequiredFieldAdded, "required-field-added", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field has become required.
        RequiredAdded, "required-added", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A field is no longer required.
        RequiredRemoved, "required-removed", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// A value has another JSON type.
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
        /// Any text was allowed, and is now one of a closed set.
        ValuesClosed, "values-closed", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A value was of a closed set, and can now be any text.
        ValuesOpened, "values-opened", (Breaking,
            "a client built from the old spec cannot read what the new one allows");
        /// A text has to be longer.
        MinLengthRaised, "min-length-raised", (Breaking,
            "the new contract rejects bodies that the old one accepts");
        /// A text can be shorter.
        MinLengthLowered, "min-length-lowered", (Breaking,
            "a client built from the old spec does not expect what the new one allows");
        /// An optional field is new.
        FieldAdded, "field-added", (Compatible,
            "a client built from the old spec ignores it");
        /// The documentation promises a field.
        PresenceAdded, "presence-added", (Compatible,
            "a body without it is a departure from the documentation now");
        /// The documentation no longer promises a field.
        PresenceRemoved, "presence-removed", (Compatible,
            "a body without it is as documented now");
        /// The documented JSON types of a value are others; those that pass are the same.
        DocumentedTypesChanged, "documented-types-changed", (Compatible,
            "the contract lets the same types pass");
        /// An open set has more documented values.
        OpenValuesAdded, "open-values-added", (Compatible,
            "the contract lets any text pass");
        /// An open set has fewer documented values.
        OpenValuesRemoved, "open-values-removed", (Compatible,
            "the contract lets any text pass; the documentation reading warns of the value now");
        /// The values of a text are documented, as an open set.
        OpenSetAdded, "open-set-added", (Compatible,
            "the contract lets any text pass; the documentation reading warns of other values now");
        /// The values of a text are no longer documented.
        OpenSetRemoved, "open-set-removed", (Compatible,
            "the contract lets any text pass");
        /// The documented form of a text is another.
        PatternChanged, "pattern-changed", (Compatible,
            "the contract lets any form pass");
        /// Any member of an object is as documented.
        MembersOpened, "members-opened", (Compatible,
            "the contract lets any member pass");
        /// Members of an object that are not listed are undocumented.
        MembersClosed, "members-closed", (Compatible,
            "the contract lets any member pass");
        /// A URL can be used for another time.
        ValidForChanged, "valid-for-changed", (Compatible,
            "a client that relies on the old time can be too late");
        /// The recommended poll interval is another.
        PollIntervalChanged, "poll-interval-changed", (Compatible,
            "a client built from the old spec keeps its interval");
        /// An HTTP status of an error is documented.
        HttpStatusAdded, "http-status-added", (Compatible,
            "the body is that of every error");
        /// An HTTP status of an error is no longer documented.
        HttpStatusRemoved, "http-status-removed", (Compatible,
            "the body is that of every error");
        /// A host of the API is new.
        ServerAdded, "server-added", (Compatible,
            "responses are the same");
        /// A host of the API is gone.
        ServerRemoved, "server-removed", (Compatible,
            "responses are the same, but may no longer come from there");
    }
}

impl ChangeKind {
    /// What a change of this kind means to a client that was built from the old document.
    #[must_use]
    pub const fn impact(self) -> Impact {
        self.details().0
    }

    /// What follows for whoever reads responses.
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        self.details().1
    }
}
