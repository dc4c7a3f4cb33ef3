//! Reports in a browser and against Jenkins' schema, and the library built from an edited document.

mod fifth_shape;
mod html;
mod junit;
