//! Circles in a graph, each as the shortest way around.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The shortest circle through each node that is on one; each circle once.
pub fn circles<N: Ord + Clone>(arrows: &BTreeMap<N, BTreeSet<N>>) -> Vec<Vec<N>> {
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for start in arrows.keys() {
        if seen.contains(start) {
            continue;
        }
        if let Some(circle) = around(arrows, start) {
            seen.extend(circle.iter().cloned());
            circles.push(circle);
        }
    }
    circles
}

/// The shortest way from a node back to it.
fn around<N: Ord + Clone>(arrows: &BTreeMap<N, BTreeSet<N>>, start: &N) -> Option<Vec<N>> {
    let mut previous = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in arrows.get(node).into_iter().flatten() {
            if next == start {
                let mut way = vec![node.clone()];
                while let Some(before) = previous.get(&way[way.len() - 1]) {
                    way.push(N::clone(before));
                }
                way.reverse();
                return Some(way);
            }
            if !previous.contains_key(next) {
                previous.insert(next.clone(), node.clone());
                queue.push_back(next);
            }
        }
    }
    None
}
