//! What holds for a request beyond its schema: the limits of its model, and the rules of its items.

use serde_json::Value;

use super::{body::Body, report::Finding, rule::Rule, schema::findings_of};
use crate::model::{name, pointer::join};

/// What the document says of the requests of an operation.
#[derive(Debug)]
pub(super) struct RequestLimits {
    pub families: &'static [ModelFamily],
    pub items: Option<ItemRules>,
    /// Codes of errors that say that nothing was begun.
    pub not_accepted_codes: &'static [&'static str],
}

/// The limits of some models.
#[derive(Debug)]
pub(super) struct ModelFamily {
    /// What the name of such a model contains.
    pub models: &'static [&'static str],
    /// What a request fits, too.
    pub body: Body,
    /// How many items of a type there can be.
    pub max_of_type: &'static [(&'static str, u64)],
}

/// What holds for the items of a list.
#[derive(Debug)]
pub(super) struct ItemRules {
    /// A JSON Pointer to the list.
    pub list: &'static str,
    /// The types in their order.
    pub order: &'static [&'static str],
    /// The types that need others beside them.
    pub not_alone: &'static [&'static str],
    /// Sets of roles that exclude each other.
    pub exclusive_roles: &'static [&'static [&'static str]],
}

/// An item of the list, and where it stands.
struct Item<'a> {
    pointer: String,
    kind: &'a str,
    role: Option<&'a str>,
}

impl RequestLimits {
    /// What a request breaks, beside its schema.
    pub fn findings(&self, request: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        let family = request
            .get(name::MODEL)
            .and_then(Value::as_str)
            .and_then(|model| self.family(model));
        if let Some(family) = family {
            findings.extend(findings_of(
                family.body.contract(request),
                std::iter::empty(),
            ));
        }
        if let Some(rules) = &self.items {
            let items = rules.items(request);
            if let Some(family) = family {
                findings.extend(family.too_many(&items));
            }
            findings.extend(rules.findings(&items));
        }
        findings
    }

    /// The limits that hold for a model, if any are known.
    pub fn family(&self, model: &str) -> Option<&ModelFamily> {
        let model = plain(model);
        self.families.iter().find(|family| {
            let mut names = family.models.iter();
            names.any(|name| model.contains(&plain(name)))
        })
    }
}

/// The name of a model, in which `.` and `-` are the same.
fn plain(model: &str) -> String {
    model.to_ascii_lowercase().replace('.', "-")
}

impl ModelFamily {
    fn too_many<'a>(&'a self, items: &'a [Item<'a>]) -> impl Iterator<Item = Finding> + 'a {
        self.max_of_type.iter().filter_map(|(kind, max)| {
            let mut beyond = items.iter().filter(|item| item.kind == *kind);
            let max_index = usize::try_from(*max).ok()?;
            let first = beyond.nth(max_index)?;
            let found = max + 1 + u64::try_from(beyond.count()).ok()?;
            let message = format!(
                "at most {max} items of the type `{kind}` are allowed with this model, found {found}"
            );
            Some(Finding::new(Rule::WrongValue, &first.pointer, message))
        })
    }
}

impl ItemRules {
    fn items<'a>(&self, request: &'a Value) -> Vec<Item<'a>> {
        let list = request.pointer(self.list).and_then(Value::as_array);
        let items = list.into_iter().flatten().enumerate();
        items
            .filter_map(|(index, item)| {
                Some(Item {
                    pointer: join(self.list, &index.to_string()),
                    kind: item.get(name::TYPE)?.as_str()?,
                    role: item.get(name::ROLE).and_then(Value::as_str),
                })
            })
            .collect()
    }

    fn findings(&self, items: &[Item<'_>]) -> Vec<Finding> {
        let checks = [
            self.order(items),
            self.alone(items),
            self.mixed_roles(items),
        ];
        checks.into_iter().flatten().collect()
    }

    fn order(&self, items: &[Item<'_>]) -> Option<Finding> {
        let rank = |item: &Item<'_>| self.order.iter().position(|kind| *kind == item.kind);
        let known: Vec<(&Item<'_>, usize)> = items
            .iter()
            .filter_map(|item| Some((item, rank(item)?)))
            .collect();
        let wrong = known.windows(2).find(|pair| pair[1].1 < pair[0].1)?;
        let (before, item) = (wrong[0].0, wrong[1].0);
        let message = format!(
            "`{}` stands behind `{}`; the order is {}",
            item.kind,
            before.kind,
            self.order.join(", ")
        );
        Some(Finding::new(Rule::WrongValue, &item.pointer, message))
    }

    fn alone(&self, items: &[Item<'_>]) -> Option<Finding> {
        let first = items.first()?;
        let mut all = items.iter();
        let is_alone = all.all(|item| self.not_alone.contains(&item.kind));
        let message = format!(
            "`{}` alone is refused; add a text, an image or a video",
            first.kind
        );
        is_alone.then(|| Finding::new(Rule::WrongValue, self.list, message))
    }

    fn mixed_roles(&self, items: &[Item<'_>]) -> Option<Finding> {
        let set_of = |item: &Item<'_>| {
            let role = item.role?;
            self.exclusive_roles
                .iter()
                .position(|roles| roles.contains(&role))
        };
        let mut with_roles = items.iter().filter_map(|item| Some((item, set_of(item)?)));
        let (first, set) = with_roles.next()?;
        let (other, _) = with_roles.find(|(_, other)| *other != set)?;
        let (one, two) = (
            first.role.unwrap_or_default(),
            other.role.unwrap_or_default(),
        );
        let message = format!("`{two}` and `{one}` exclude each other");
        let pointer = join(&other.pointer, name::ROLE);
        Some(Finding::new(Rule::WrongValue, pointer, message))
    }
}
