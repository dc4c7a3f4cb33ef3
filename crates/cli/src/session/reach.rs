//! Addresses that others can reach.

use std::net::SocketAddr;

/// What there is to say of an address that is not of this machine alone; `can` is what whoever
/// reaches it can do.
pub(crate) fn warning(listen: SocketAddr, can: &str) -> Option<String> {
    (!listen.ip().is_loopback()).then(|| {
        format!("warning: {listen} is not of this machine alone: whoever reaches it can {can}")
    })
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn an_address_of_others_is_warned_of() {
        for address in ["127.0.0.1:8080", "127.9.9.9:1", "[::1]:80"] {
            let warning = warning(address.parse().unwrap(), "use it");
            assert_eq!(warning, None, "{address}");
        }
        for address in ["0.0.0.0:8080", "[::]:80", "192.0.2.1:80"] {
            let warning = warning(address.parse().unwrap(), "use it").unwrap();
            assert!(warning.contains(address), "{warning}");
        }
    }
}
