//! The shapes as a type, and what reads a member of a task whatever its shape.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use super::names::{identifier, pascal};
use seedance_spec::{
    compose::Schemas,
    shapes::{Outcome, ShapeOfTask},
};

/// Generates the type.
pub fn generate(shapes: &[ShapeOfTask]) -> String {
    let mut variants = String::new();
    let mut names = String::new();
    for shape in shapes {
        let ShapeOfTask {
            name, description, ..
        } = shape;
        let variant = pascal(name);
        let doc = format!(" {description}");
        let _ = writeln!(
            variants,
            "#[doc = {doc:?}]\n#[serde(rename = {name:?})]\n{variant},"
        );
        let _ = writeln!(names, "Self::{variant} => {name:?},");
    }
    let all: Vec<String> = shapes
        .iter()
        .map(|shape| format!("Self::{}", pascal(&shape.name)))
        .collect();
    let with = |is_one: fn(Outcome) -> bool| {
        let chosen = shapes.iter().filter(|shape| is_one(shape.outcome));
        let chosen: Vec<String> = chosen
            .map(|shape| format!("Self::{}", pascal(&shape.name)))
            .collect();
        match chosen.len() {
            0 => "false".to_owned(),
            _ => format!("matches!(self, {})", chosen.join(" | ")),
        }
    };
    format!(
        "/// What a body is: a task in one of its shapes, or an error.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, \
         serde::Deserialize, schemars::JsonSchema)]\n\
         #[non_exhaustive]\n\
         pub enum Shape {{\n{variants}\
         /// No task but an error, in one of its envelopes.\n#[serde(rename = \"error\")]\nError,\n}}\n\
         impl Shape {{\n\
         /// The shapes of tasks.\n#[doc(hidden)]\n\
         pub const TASKS: [Self; {count}] = [{all}];\n\
         /// All shapes.\n#[doc(hidden)]\n\
         pub const ALL: [Self; {every}] = [{all}, Self::Error];\n\
         /// The name used in reports.\n#[must_use]\n\
         pub fn name(self) -> &'static str {{\nmatch self {{\n{names}Self::Error => \"error\",\n}}\n}}\n\
         /// Whether the task has ended, well or badly.\n#[must_use]\n\
         pub fn is_terminal(self) -> bool {{\n{terminal}\n}}\n\
         /// Whether the task has ended with a video.\n#[must_use]\n\
         pub fn has_video(self) -> bool {{\n{video}\n}}\n\
         /// Whether the task has ended without a video, and is refunded.\n#[must_use]\n\
         pub fn is_refunded(self) -> bool {{\n{refunded}\n}}\n\
         }}\n",
        count = shapes.len(),
        every = shapes.len() + 1,
        all = all.join(", "),
        terminal = with(|outcome| outcome != Outcome::Pending),
        video = with(|outcome| outcome == Outcome::Succeeded),
        refunded = with(|outcome| outcome == Outcome::Failed),
    )
}

/// Generates the macro `member!`: the optional member of a `Task`, whatever its shape; and the
/// methods that need no other knowledge.
pub fn generate_members(schemas: &Schemas, shapes: &[ShapeOfTask], discriminator: &str) -> String {
    let mut arms = String::new();
    for (member, kinds) in members(schemas, shapes) {
        // A member that is something else in each shape has no type in common.
        if kinds.values().collect::<BTreeSet<_>>().len() != 1 || member == discriminator {
            continue;
        }
        let name = identifier(member);
        let _ = writeln!(arms, "($task:expr, {name}) => {{\nmatch $task {{");
        for shape in shapes {
            let variant = pascal(&shape.schema);
            let _ = match kinds.get(shape.schema.as_str()) {
                Some(_) => writeln!(arms, "Task::{variant}(task) => task.{name}.as_ref(),"),
                None => writeln!(arms, "Task::{variant}(_) => None,"),
            };
        }
        arms.push_str("}\n};\n");
    }
    let (mut shape_of, mut status_of) = (String::new(), String::new());
    for shape in shapes {
        let variant = pascal(&shape.schema);
        let _ = writeln!(
            shape_of,
            "Self::{variant}(_) => Shape::{},",
            pascal(&shape.name)
        );
        let member = identifier(discriminator);
        let _ = writeln!(
            status_of,
            "Self::{variant}(task) => task.{member}.to_string(),"
        );
    }
    format!(
        "/// The optional member of a task, whatever its shape; none in a shape that does not have it.\n\
         macro_rules! member {{\n{arms}}}\n\
         pub(super) use member;\n\
         impl Task {{\n\
         /// Which of the shapes this is.\n#[must_use]\n\
         pub fn shape(&self) -> Shape {{\nmatch self {{\n{shape_of}}}\n}}\n\
         /// The documented status of the task, such as `IN_PROGRESS`.\n#[must_use]\n\
         pub fn status(&self) -> String {{\nmatch self {{\n{status_of}}}\n}}\n\
         }}\n"
    )
}

/// The members of all shapes, each with what it is in the schemas that have it.
fn members<'a>(
    schemas: &'a Schemas,
    shapes: &'a [ShapeOfTask],
) -> BTreeMap<&'a str, BTreeMap<&'a str, String>> {
    let mut members: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for shape in shapes {
        let properties = schemas
            .by_name
            .get(&shape.schema)
            .and_then(|schema| schema.get("properties"));
        for (name, schema) in properties.and_then(Value::as_object).into_iter().flatten() {
            let kind = ["$ref", "type"].map(|keyword| schema[keyword].as_str().unwrap_or_default());
            let of_member = members.entry(name).or_default();
            of_member.insert(&shape.schema, kind.join(" "));
        }
    }
    members
}
