//! Where a URL that somebody else chose may lead: to public addresses, and to the network in which
//! the gateway itself is.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::network_zone::NetworkZone;
use crate::model::url::is_loopback;

type Lookup = fn(&str) -> io::Result<Vec<IpAddr>>;

/// Checks addresses before a connection to them is made.
#[derive(Clone, Debug)]
pub(super) struct AddressPolicy {
    gateway: Host<String>,
    lookup: Lookup,
}

/// A host is at an address that no connection is made to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ForbiddenAddress {
    host: String,
    zone: NetworkZone,
}

impl AddressPolicy {
    pub fn of_gateway(gateway: &Url) -> Self {
        let host = gateway.host().map(|host| host.to_owned());
        Self {
            gateway: host.unwrap_or_else(|| Host::Domain(String::new())),
            lookup,
        }
    }

    /// Checks the host of a URL as far as it is an address; the address of a name is checked when it
    /// is resolved.
    pub fn check(&self, url: &Url) -> Result<(), ForbiddenAddress> {
        let zone = match url.host() {
            Some(Host::Ipv4(address)) => NetworkZone::of(address.into()),
            Some(Host::Ipv6(address)) => NetworkZone::of(address.into()),
            Some(Host::Domain(_)) if is_loopback(url) => NetworkZone::Loopback,
            _ => return Ok(()),
        };
        self.allow(url.host_str().unwrap_or_default(), zone)
    }

    /// The addresses of a name, all of which have to be allowed.
    fn resolve_checked(
        &self,
        name: &str,
    ) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let addresses = (self.lookup)(name)?;
        for address in &addresses {
            self.allow(name, NetworkZone::of(*address))?;
        }
        Ok(addresses)
    }

    fn allow(&self, host: &str, zone: NetworkZone) -> Result<(), ForbiddenAddress> {
        if zone == NetworkZone::Public || self.is_gateway_in(zone) {
            return Ok(());
        }
        Err(ForbiddenAddress {
            host: host.to_owned(),
            zone,
        })
    }

    fn is_gateway_in(&self, zone: NetworkZone) -> bool {
        match &self.gateway {
            Host::Ipv4(address) => NetworkZone::of((*address).into()) == zone,
            Host::Ipv6(address) => NetworkZone::of((*address).into()) == zone,
            Host::Domain(name) => {
                let addresses = (self.lookup)(name).unwrap_or_default();
                addresses
                    .into_iter()
                    .any(|address| NetworkZone::of(address) == zone)
            }
        }
    }
}

/// Asks the system, as the HTTP client does by itself.
fn lookup(name: &str) -> io::Result<Vec<IpAddr>> {
    let addresses = (name, 0).to_socket_addrs()?;
    Ok(addresses.map(|address| address.ip()).collect())
}

impl Resolve for AddressPolicy {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.clone();
        Box::pin(async move {
            let resolving = move || policy.resolve_checked(name.as_str());
            let addresses = tokio::task::spawn_blocking(resolving).await??;
            let addresses = addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

impl ForbiddenAddress {
    /// The one that an error of the HTTP client is about.
    pub fn in_causes(error: &reqwest::Error) -> Option<Self> {
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref::<Self>() {
                return Some(found.clone());
            }
            cause = error.source();
        }
        None
    }
}

impl fmt::Display for ForbiddenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, zone } = self;
        write!(f, "{host} is in {zone}, where the gateway is not")
    }
}

impl std::error::Error for ForbiddenAddress {}

#[cfg(test)]
mod tests {
    use std::{io, net::IpAddr};

    use super::AddressPolicy;

    /// Names of a network that is not there.
    fn lookup(name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = match name {
            "store.example" | "gateway.example" => &["203.0.113.1", "2001:db8::1"][..],
            "rebound.example" => &["203.0.113.1", "10.0.0.7"],
            "metadata.example" => &["169.254.169.254"],
            "intranet.example" => &["10.0.0.1"],
            _ => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(addresses.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn policy(gateway: &str) -> AddressPolicy {
        AddressPolicy {
            lookup,
            ..AddressPolicy::of_gateway(&gateway.parse().unwrap())
        }
    }

    #[test]
    fn a_url_must_not_lead_into_another_network_than_the_gateways() {
        for (gateway, url, is_allowed) in [
            ("https://gateway.example", "https://203.0.113.9/v", true),
            ("https://gateway.example", "https://10.0.0.9/v", false),
            ("https://gateway.example", "https://[fd00::1]/v", false),
            (
                "https://gateway.example",
                "http://169.254.169.254/latest",
                false,
            ),
            ("https://gateway.example", "http://2852039166/latest", false),
            ("https://gateway.example", "http://127.0.0.1:6379/", false),
            ("https://gateway.example", "http://localhost:6379/", false),
            ("https://gateway.example", "http://a.localhost/", false),
            ("https://203.0.113.1", "http://[::ffff:10.0.0.1]/", false),
            ("http://127.0.0.1:3000", "http://127.0.0.1:9000/v", true),
            ("http://127.0.0.1:3000", "http://localhost:9000/v", true),
            ("http://127.0.0.1:3000", "http://10.0.0.9/v", false),
            ("http://10.0.0.1", "http://192.168.0.9/v", true),
            ("http://10.0.0.1", "http://127.0.0.1/v", false),
            ("http://10.0.0.1", "http://169.254.169.254/v", false),
            ("https://intranet.example", "http://10.0.0.9/v", true),
            // Names are checked when they are resolved.
            (
                "https://gateway.example",
                "https://intranet.example/v",
                true,
            ),
        ] {
            let outcome = policy(gateway).check(&url.parse().unwrap());
            assert_eq!(outcome.is_ok(), is_allowed, "{gateway} {url}: {outcome:?}");
        }
    }

    #[test]
    fn a_name_must_not_lead_there_either() {
        for (gateway, name, is_allowed) in [
            ("https://gateway.example", "store.example", true),
            ("https://gateway.example", "intranet.example", false),
            ("https://gateway.example", "metadata.example", false),
            // One address of many is enough.
            ("https://gateway.example", "rebound.example", false),
            ("https://intranet.example", "rebound.example", true),
            ("http://10.9.9.9", "intranet.example", true),
            ("http://10.9.9.9", "metadata.example", false),
        ] {
            let outcome = policy(gateway).resolve_checked(name);
            assert_eq!(outcome.is_ok(), is_allowed, "{gateway} {name}: {outcome:?}");
        }
        let error = policy("https://gateway.example").resolve_checked("metadata.example");
        assert_eq!(
            error.unwrap_err().to_string(),
            "metadata.example is in a link-local or reserved network, where the gateway is not"
        );
    }
}
