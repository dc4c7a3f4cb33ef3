// What the playground's own server tells.

/// Where others can reach the server, its address has a token.
const token = new URLSearchParams(location.search).get("token");

export async function fetchJson(path) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { headers, cache: "no-store" });
  if (response.status === 401) throw new Error("open the address that it printed, with its token");
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.json();
}
