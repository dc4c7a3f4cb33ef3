//! Archives that hold recordings, and files that recordings refer to.

mod attachments;
mod member;
mod members;
mod tar;
mod zip_files;
mod zip_members;

pub(super) use self::{
    attachments::Attachments,
    member::{Member, Next},
    members::Members,
    tar::{TarMembers, is_tar},
    zip_files::{ZipSource, is_zip},
    zip_members::ZipMembers,
};
