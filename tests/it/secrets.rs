//! Nothing in the repository that could be a key or a signature.

use std::fs;

use seedance_query::{capture::Capture, redact};

use seedance_testing::files::files;

#[test]
fn no_file_holds_a_key_or_a_signature() {
    for directory in ["tests/captures", "tests/drift", "snapshots", "openapi"] {
        for path in files(directory) {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let lower = text.to_ascii_lowercase();
            for forbidden in ["authorization:", "bearer sk", "set-cookie", "sk-live"] {
                assert!(
                    !lower.contains(forbidden),
                    "{} has `{forbidden}`",
                    path.display()
                );
            }
            for name in ["signature=", "credential=", "token=", "accesskeyid="] {
                for (at, _) in lower.match_indices(name) {
                    let value = &lower[at + name.len()..];
                    assert!(
                        value.starts_with("redacted"),
                        "{} has a `{name}`",
                        path.display()
                    );
                }
            }
        }
    }
}

/// What the writer would take out is not in by hand either.
#[test]
fn no_body_holds_what_would_be_redacted() {
    for directory in ["tests/captures", "tests/drift"] {
        for path in files(directory) {
            let bytes = fs::read(&path).unwrap();
            let left = match Capture::parse(&bytes) {
                Ok(capture) => capture.redacted(&[]) == capture,
                Err(_) => redact::bytes(&bytes, &[]) == bytes,
            };
            assert!(left, "{} holds a secret", path.display());
        }
    }
    // All of this would hold as well if nothing were ever found.
    let leak = b"https://a.example/v?sig=c0ffee";
    assert_ne!(redact::bytes(leak, &[]), &leak[..]);
}
