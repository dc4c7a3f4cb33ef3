//! Laws about the generated types.

use seedance_query::{decode, types::TaskQueryResponse, validate::ParsedBody};
use serde_json::Value;

use super::{json::unambiguous, recorded::Recorded, validating::keeps_contract};

type Decoded = Result<TaskQueryResponse, serde_json::Error>;

/// All laws about decoding.
pub fn laws(file: &[u8]) {
    let answer = Recorded::of(file);
    the_contract_is_decoded(&answer.body, decode);
    a_value_decodes_as_its_text(&answer.body, decode);
    what_was_decoded_stays(&answer.body, decode);
    // The task alone is read with more leniency.
    let _ = answer.parsed().task();
}

/// What the contract accepts, the types hold.
pub fn the_contract_is_decoded(body: &[u8], decode: impl Fn(&[u8]) -> Decoded) {
    let Some(value) = unambiguous(body) else {
        return;
    };
    if keeps_contract(&value) {
        let decoded = decode(body);
        let text = String::from_utf8_lossy(body);
        assert!(decoded.is_ok(), "{decoded:?}\n{text}");
    }
}

/// It makes no difference whether the text is decoded, or its value.
pub fn a_value_decodes_as_its_text(body: &[u8], decode: impl Fn(&[u8]) -> Decoded) {
    if let Some(value) = unambiguous(body) {
        let of_value = serde_json::from_value::<TaskQueryResponse>(value);
        let text = String::from_utf8_lossy(body);
        assert_eq!(decode(body).ok(), of_value.ok(), "{text}");
    }
}

/// What was decoded and is written is decoded again; if it kept the contract, it still does. A shape
/// that nothing but an unreadable member tells is lost with that member.
pub fn what_was_decoded_stays(body: &[u8], decode: impl Fn(&[u8]) -> Decoded) {
    let Ok(response) = decode(body) else {
        return;
    };
    let written = serde_json::to_value(&response).unwrap();
    let again = decode(written.to_string().as_bytes());
    let text = String::from_utf8_lossy(body);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{text}\n{written}"));
    if again != response {
        let shape = |body: &[u8]| ParsedBody::new(None, body).report().shape();
        let shapes = (shape(body), shape(written.to_string().as_bytes()));
        assert_ne!(shapes.0, shapes.1, "{text}\n{written}");
    }
    let kept = serde_json::from_slice::<Value>(body).is_ok_and(|body| keeps_contract(&body));
    assert!(!kept || keeps_contract(&written), "{text}\n{written}");
}
