//! Limits that hold for all workers together, and what tells of them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use seedance_mock::{Gateway, Origin, Scenario, task_id};
use seedance_query::TaskId;

use super::{database, workers::Workers};

async fn ends(mut worker: Child) -> Option<i32> {
    let ended = tokio::task::spawn_blocking(move || worker.wait().unwrap());
    ended.await.unwrap().code()
}

fn normal(count: u32) -> Vec<TaskId> {
    (1..=count)
        .map(|at| task_id(Scenario::Normal, at))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_together_keep_to_the_rate() {
    const RATE: f64 = 20.0;
    let gateway = Gateway::builder().speed(500.0).start().await.unwrap();
    let database = database().await;
    let mut workers = Workers::new(&gateway, &database.url);
    let began = Instant::now();
    let running = [
        workers.start(&["--hold", "8", "--rate", "20"], &normal(24)),
        workers.start(&["--hold", "8", "--rate", "20"], &[]),
        workers.start(&["--hold", "8", "--rate", "20"], &[]),
    ];
    for worker in running {
        assert_eq!(ends(worker).await, Some(0), "{}", workers.complaints());
    }
    let took = began.elapsed().as_secs_f64();
    workers.all_arrived(&gateway, &normal(24));
    let requests = gateway.requests();
    let of_gateway = requests
        .iter()
        .filter(|request| request.origin == Origin::Gateway);
    let queries = u32::try_from(of_gateway.count()).unwrap();
    assert!(queries > 24, "{queries}");
    // The first moment is free.
    let allowed = took * RATE + 1.0;
    assert!(
        f64::from(queries) <= allowed,
        "{queries} queries in {took} s"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_together_keep_to_the_number_of_downloads_and_metrics_tell() {
    const DOWNLOADS: usize = 2;
    let gateway = Gateway::builder()
        .speed(500.0)
        .video_bytes(200_000)
        .bytes_per_second(400_000)
        .start()
        .await
        .unwrap();
    let database = database().await;
    let mut workers = Workers::new(&gateway, &database.url);
    let limited = ["--hold", "10", "--fleet-downloads", "2"];
    let mut running = vec![
        workers.start(&limited, &normal(12)),
        workers.start(&limited, &[]),
        workers.start(&limited, &[]),
    ];
    let mut most = 0;
    let until = Instant::now() + Duration::from_mins(1);
    while running
        .iter_mut()
        .any(|worker| worker.try_wait().unwrap().is_none())
    {
        let requests = gateway.requests();
        let under_way = requests
            .iter()
            .filter(|request| request.origin == Origin::Storage && request.duration.is_none());
        most = most.max(under_way.count());
        assert!(Instant::now() < until, "{}", workers.complaints());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for worker in running {
        assert_eq!(ends(worker).await, Some(0), "{}", workers.complaints());
    }
    workers.all_arrived(&gateway, &normal(12));
    assert!((1..=DOWNLOADS).contains(&most), "{most} at a time");

    let mut serve = workers.command(&["ledger", workers.url(), "--metrics", "0"]);
    let mut serve = serve.stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    let mut lines = BufReader::new(serve.stdout.take().unwrap());
    lines.read_line(&mut address).unwrap();
    let address = address.trim().strip_prefix("http://").unwrap();
    let address = address.strip_suffix("/metrics").unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    let request = "GET /metrics HTTP/1.1\r\nHost: fleet\r\nConnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).unwrap();
    let mut page = String::new();
    connection.read_to_string(&mut page).unwrap();
    serve.kill().unwrap();
    serve.wait().unwrap();
    for line in [
        "seedance_fleet_tasks{state=\"arrived\"} 12\n",
        "seedance_fleet_tasks{state=\"due\"} 0\n",
        "seedance_fleet_workers 0\n",
        "seedance_fleet_downloads 0\n",
        "seedance_fleet_downloads_limit 2\n",
        "seedance_fleet_queries_per_second_limit 1000\n",
        "# EOF\n",
    ] {
        assert!(page.contains(line), "{line}: {page}");
    }
}
