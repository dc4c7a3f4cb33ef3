//! What is at which path.

use axum::body::{Body, to_bytes};
use http::Method;
use seedance_query::{
    model::{TaskForm, TaskId, operation},
    validate::operations::{Content, Operation},
};

use super::{
    super::{
        answer::Answer,
        call::Call,
        failures::with_failures,
        query::{Form, query},
    },
    content::content,
    content_list, errors,
    form_faults::{fits_content_list, fits_video_object},
    paths::{Reply, TOKEN_LOG, submissions},
    row,
    submit::submit,
    token_log, video_object,
};

/// The longest request that is read.
const MAX_REQUEST_BYTES: usize = 64 << 20;

const ROW: Form = Form {
    body: row::answer,
    fits: row::fits,
};
const VIDEO_OBJECT: Form = Form {
    body: video_object::answer,
    fits: fits_video_object,
};
const CONTENT_LIST: Form = Form {
    body: content_list::answer,
    fits: fits_content_list,
};

pub(crate) async fn answer(call: &Call<'_>, body: Body) -> Answer {
    if let Some(reply) = submission(call) {
        if !call.state.has_right_key(call.headers) {
            return errors::unauthorized(call);
        }
        return match to_bytes(body, MAX_REQUEST_BYTES).await {
            Ok(body) => match super::request::parse(call.headers, body).await {
                Some(request) => with_failures(call.state, || submit(call, reply, &request)),
                None => errors::no_json(call),
            },
            Err(_) => errors::no_json(call),
        };
    }
    if call.path == TOKEN_LOG && call.is_get() {
        return token_log::answer(call);
    }
    let Some((operation, id)) = operation(call) else {
        return errors::no_such_path(call);
    };
    let is_content = matches!(operation.content(200), Some(Content::Other(_)));
    // The limit is one of the address that asks, whoever it is.
    if is_content && !call.state.is_admitted(call.client) {
        return Answer::empty(429);
    }
    if !call.state.has_right_key(call.headers) {
        return errors::unauthorized(call);
    }
    with_failures(call.state, || match operation.form() {
        _ if is_content => content(call, &id),
        TaskForm::VideoObject => query(call, &id, &VIDEO_OBJECT),
        TaskForm::ContentList => query(call, &id, &CONTENT_LIST),
        _ => query(call, &id, &ROW),
    })
}

/// The operation that is asked for, and its task; `HEAD` is asked of none.
fn operation(call: &Call<'_>) -> Option<(&'static Operation, TaskId)> {
    let (operation, id) = Operation::of_request(call.method.as_str(), call.path)?;
    let is_whole = operation::operations()
        .any(|path| path.as_str() == operation.path() && path.id_in(call.path).is_some());
    (is_whole && call.is_get()).then_some((operation, id))
}

/// How a submission at this path is answered, if it is one.
fn submission(call: &Call<'_>) -> Option<Reply> {
    let reply = submissions()
        .into_iter()
        .find(|(path, _)| *path == call.path);
    reply
        .map(|(_, reply)| reply)
        .filter(|_| call.method == Method::POST)
}
