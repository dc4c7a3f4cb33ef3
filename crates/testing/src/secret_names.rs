//! Names of members and headers whose values are secrets.

/// As they are found in the answers of gateways, proxies and stores.
pub const SECRET_NAMES: [&str; 15] = [
    "authorization",
    "cookie",
    "set-cookie",
    "passwd",
    "private_key",
    "session_id",
    "sig",
    "auth",
    "jwt",
    "token",
    "tokens",
    "X-Api-Key",
    "api_key",
    "accessToken",
    "client_secret",
];
