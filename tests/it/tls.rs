//! `https` works with the TLS implementation that the features choose.

use seedance_query::Client;
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::test]
async fn an_https_gateway_is_greeted_with_a_tls_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut record = [0; 6];
        stream.read_exact(&mut record).await.unwrap();
        record
    });
    let client = Client::builder()
        .base_url(url)
        .api_key("key-0123456789abcdef");
    let id = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap();
    let error = client.build().unwrap().query(&id).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    // A handshake record of TLS 1.x whose first message is a ClientHello.
    let record = server.await.unwrap();
    assert_eq!((record[0], record[1], record[5]), (22, 3, 1));
}
