//! Faults planted one at a time into every member of every example of the document: each has to be
//! named at its place, once.

mod absent;
mod edit;
mod examples;
mod moved;
mod names;
mod planted;
mod renamed;
mod score;
mod typed;
mod valued;
