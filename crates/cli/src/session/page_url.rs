//! The addresses of the proxy's pages.

use seedance_traffic::proxy::Proxy;

/// The address of a page, with the token if it needs one.
pub(crate) fn page_url(proxy: &Proxy, path: &str) -> String {
    let page = format!("http://{}{path}", proxy.local_addr());
    match proxy.page_token() {
        Some(token) => {
            let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
            format!("{page}?token={token}")
        }
        None => page,
    }
}
