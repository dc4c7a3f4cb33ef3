//! Every fault does what its line says, and nothing else can be taken for it.
