//! Which network an address belongs to, so that a URL from outside cannot lead into this one.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// The network of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NetworkZone {
    /// This machine.
    Loopback,
    /// A private network, or one that is shared by a provider.
    Private,
    /// The local link, where the metadata of cloud machines is, or a reserved address.
    LinkLocal,
    Public,
}

impl NetworkZone {
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let [first, second, ..] = address.octets();
        if address.is_loopback() || first == 0 {
            Self::Loopback
        } else if address.is_private() || (first == 100 && (64..128).contains(&second)) {
            Self::Private
        } else if address.is_link_local() || address.is_multicast() || first >= 240 {
            Self::LinkLocal
        } else {
            Self::Public
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if let Some(inner) = v4_in(address) {
            return Self::of_v4(inner);
        }
        if address.is_loopback() || address.is_unspecified() {
            Self::Loopback
        } else if address.is_unique_local() {
            Self::Private
        } else if address.is_unicast_link_local() || address.is_multicast() {
            Self::LinkLocal
        } else {
            Self::Public
        }
    }
}

/// The IPv4 address that a gateway between the protocols makes of this one: mapped, NAT64, 6to4.
fn v4_in(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

impl fmt::Display for NetworkZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "this machine",
            Self::Private => "a private network",
            Self::LinkLocal => "a link-local or reserved network",
            Self::Public => "the internet",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::NetworkZone;

    #[test]
    fn addresses_and_their_networks() {
        use NetworkZone::{LinkLocal, Loopback, Private, Public};
        for (address, zone) in [
            ("127.0.0.1", Loopback),
            ("127.1.2.3", Loopback),
            ("0.0.0.0", Loopback),
            ("::1", Loopback),
            ("::", Loopback),
            ("::ffff:127.0.0.1", Loopback),
            ("10.1.2.3", Private),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.168.0.1", Private),
            // Providers' networks, with the metadata of some of them.
            ("100.64.0.1", Private),
            ("100.100.100.200", Private),
            ("fd00:ec2::254", Private),
            ("::ffff:10.0.0.1", Private),
            ("64:ff9b::10.0.0.1", Private),
            ("2002:a00:1::1", Private),
            ("169.254.169.254", LinkLocal),
            ("fe80::1", LinkLocal),
            ("224.0.0.1", LinkLocal),
            ("255.255.255.255", LinkLocal),
            ("ff02::1", LinkLocal),
            ("::ffff:169.254.169.254", LinkLocal),
            ("172.32.0.1", Public),
            ("100.128.0.1", Public),
            ("8.8.8.8", Public),
            ("2606:4700::1", Public),
            ("64:ff9b::8.8.8.8", Public),
        ] {
            assert_eq!(NetworkZone::of(address.parse().unwrap()), zone, "{address}");
        }
    }
}
