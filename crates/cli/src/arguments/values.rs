//! Values of arguments: durations, sizes, factors.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::builder::{PathBufValueParser, TypedValueParser};
use seedance_fetch::StoreUrl;
use url::Url;

/// Units of a size, decimal as everywhere in this program.
const UNITS: [(&str, u64); 4] = [
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("KB", 1000),
    ("B", 1),
];

/// A path of a directory. A URL would become the name of one.
pub(super) fn directory() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path.to_str().is_some_and(StoreUrl::is_url) {
            return Err("expected a directory; only `fetch` stores videos in an object store");
        }
        Ok(path)
    })
}

/// A port of this machine, or an address and a port. `localhost` is 127.0.0.1: nothing is looked up.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let host = if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        "127.0.0.1"
    } else {
        host
    };
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let address = format!("{host}:{port}").parse().ok();
    address.filter(|_| is_number).ok_or_else(|| {
        "expected a port such as `8080`, or an IP address and a port such as `127.0.0.1:8080`, \
         `[::1]:8080` or `localhost:8080`"
            .to_owned()
    })
}

/// An `http` or `https` URL with nothing behind its path.
pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .filter(|url| url.query().is_none() && url.fragment().is_none())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| "expected a URL such as `https://mock.example`".to_owned())
}

/// A number of seconds, or a number with a unit.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|duration| duration.try_into().ok()),
    };
    match parsed {
        Some(duration) if duration.is_zero() => Err("expected more than 0".to_owned()),
        Some(duration) => Ok(duration),
        None => Err("expected a time such as `90`, `90s`, `30m` or `2h`".to_owned()),
    }
}

/// A number of bytes, or a number with a unit.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a fraction of a unit is rounded to bytes, and its range is checked before"
)]
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let upper = text.trim().to_ascii_uppercase();
    let (number, unit) = UNITS
        .into_iter()
        .find_map(|(unit, bytes)| Some((upper.strip_suffix(unit)?, bytes)))
        .unwrap_or((&upper, 1));
    let number = number.trim_end();
    let bytes = match number.parse::<u64>() {
        Ok(number) => number.checked_mul(unit),
        Err(_) => number
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite() && *number > 0.0)
            .map(|number| number * unit as f64)
            .filter(|bytes| *bytes < u64::MAX as f64)
            .map(|bytes| bytes as u64),
    };
    bytes
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "expected a size such as `5000`, `20kB`, `500MB` or `1.5GB`".to_owned())
}

/// A variable of an environment that is set to an address, and the path behind the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EnvVariable {
    pub name: String,
    pub path: String,
}

/// A name, or a name and a path.
pub(super) fn env_variable(text: &str) -> Result<EnvVariable, String> {
    let (name, path) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("expected the name of a variable, such as `OPENAI_BASE_URL=/v1`".to_owned());
    }
    if !(path.is_empty() || path.starts_with('/')) {
        return Err(format!(
            "expected a path that begins with `/` behind `{name}=`; the address is set by itself"
        ));
    }
    Ok(EnvVariable {
        name: name.to_owned(),
        path: path.to_owned(),
    })
}

pub(super) fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(factor),
        _ => Err("expected a number above 0".to_owned()),
    }
}

pub(super) fn part(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(part) if (0.0..=1.0).contains(&part) => Ok(part),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, duration, env_variable, listen_address, public_url};

    #[test]
    fn an_address_may_be_a_port_alone() {
        for (text, expected) in [
            ("8080", "127.0.0.1:8080"),
            (":8080", "127.0.0.1:8080"),
            ("localhost:8080", "127.0.0.1:8080"),
            ("LOCALHOST:0", "127.0.0.1:0"),
            ("127.0.0.2:1", "127.0.0.2:1"),
            ("[::1]:8080", "[::1]:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
        ] {
            assert_eq!(
                listen_address(text),
                Ok(expected.parse().unwrap()),
                "{text}"
            );
        }
        for text in [
            "",
            ":",
            "localhost",
            "80a",
            "+80",
            "65536",
            "::1:80",
            "gateway.example:80",
        ] {
            assert!(listen_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_url_has_a_host_and_nothing_behind_its_path() {
        for text in ["https://mock.example", "http://127.0.0.1:1/a/"] {
            assert!(public_url(text).is_ok(), "{text}");
        }
        for text in [
            "mock.example",
            "ftp://a.example",
            "https://a.example?b",
            "https://u@a.example",
        ] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_decimal_units() {
        for (text, expected) in [
            ("5000", 5000),
            ("5000 B", 5000),
            ("20kB", 20_000),
            ("500MB", 500_000_000),
            ("1.5 gb", 1_500_000_000),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "0",
            "-1",
            "MB",
            "1 MiB",
            "x",
            "1e30",
            "NaN",
            "18446744073709551615kB",
        ] {
            assert!(bytes(text).unwrap_err().contains("`500MB`"), "{text}");
        }
    }

    #[test]
    fn a_variable_may_have_a_path() {
        let parsed = |text| env_variable(text).map(|variable| (variable.name, variable.path));
        let pair = |name: &str, path: &str| Ok((name.to_owned(), path.to_owned()));
        assert_eq!(parsed("BASE"), pair("BASE", ""));
        assert_eq!(parsed("BASE=/v1"), pair("BASE", "/v1"));
        for text in ["", "=/v1", "BASE=v1", "BASE=http://x", "A B"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_seconds_or_have_a_unit() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("0.5s"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2h"), Ok(Duration::from_hours(2)));
        for text in ["0", "-1", "soon", "1e300"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
