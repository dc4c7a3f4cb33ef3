//! What needs installed programs, or a build of the library from an edited document.

mod clients;
mod fifth_shape;
mod git;
mod github_action;
mod html;
mod junit;
mod playground;
mod postgres;
mod pre_commit;
mod readme_picture;
mod stores;
mod tables;
