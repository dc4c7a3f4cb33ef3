//! Reports in a browser, and against Jenkins' schema.

mod html;
mod junit;
