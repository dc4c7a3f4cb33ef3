//! How often each client may ask in a period.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// A limit on the requests of each client in any period of a given length.
pub(super) struct Window {
    limit: usize,
    period: Duration,
    admitted: Mutex<HashMap<IpAddr, VecDeque<Duration>>>,
}

impl Window {
    pub(super) fn new(limit: usize, period: Duration) -> Self {
        Self {
            limit,
            period,
            admitted: Mutex::default(),
        }
    }

    /// Whether a client may ask now; what is refused does not count.
    pub(super) fn admits(&self, client: IpAddr, now: Duration) -> bool {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let times = admitted.entry(client).or_default();
        while times
            .front()
            .is_some_and(|first| now.saturating_sub(*first) >= self.period)
        {
            times.pop_front();
        }
        let is_admitted = times.len() < self.limit;
        if is_admitted {
            times.push_back(now);
        }
        is_admitted
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, time::Duration};

    use super::Window;

    #[test]
    fn each_client_may_ask_so_often_in_any_period() {
        let window = Window::new(2, Duration::from_mins(1));
        let [one, other]: [IpAddr; 2] = [[127, 0, 0, 1], [127, 0, 0, 2]].map(IpAddr::from);
        let at = |client, seconds| window.admits(client, Duration::from_secs(seconds));
        assert!(at(one, 0) && at(one, 30));
        assert!(!at(one, 59) && at(other, 59));
        assert!(at(one, 60) && !at(one, 89) && at(one, 90));
    }
}
