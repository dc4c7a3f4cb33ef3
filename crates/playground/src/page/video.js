// The video of a finished task. It is played from this server; this page asks no other one for it.

import { element } from "./elements.js";

/// The URL of the video in the text of an answer, or null.
export function videoIn(text, pointers) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  for (const pointer of pointers) {
    const value = pointer.split("/").slice(1).reduce((value, member) => value?.[member], body);
    // A path is one of the gateway; the reason of a failure is neither.
    if (typeof value !== "string" || !/^(https?:\/\/|\/)\S+$/.test(value)) continue;
    try {
      return new URL(value, location.origin).href;
    } catch {
      // Another place may have a better one.
    }
  }
  return null;
}

/// Shows what can be shown of a video in `host`. `content` is the path of the gateway's own address of
/// it, which needs the key; the result ends what was begun.
export function showVideo(host, { url, content, key }) {
  const { origin, pathname, host: other } = new URL(url);
  const made = { blob: null };
  const isHere = origin === location.origin;
  if (isHere && pathname !== content) {
    host.replaceChildren(player(url));
  } else {
    const why = isHere
      ? "The address of the video needs the key."
      : `The video is at ${other}, which this page does not ask. The gateway may send it as well.`;
    const button = element("button", { type: "button" }, "Load the video from the gateway");
    const said = element("p", { role: "status" }, why);
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "Loading …";
      try {
        made.blob = URL.createObjectURL(await load(content, key));
        host.replaceChildren(player(made.blob));
      } catch (error) {
        said.textContent = `${error.message}. The address in the answer can be opened in another tab.`;
        button.disabled = false;
      }
    });
    host.replaceChildren(said, button);
  }
  return () => URL.revokeObjectURL(made.blob);
}

/// Nothing is asked for before it is played.
function player(url) {
  return element("video", { src: url, controls: "", preload: "none" });
}

async function load(content, key) {
  const headers = key ? { authorization: key } : {};
  let response;
  try {
    response = await fetch(content, { headers, redirect: "manual", cache: "no-store" });
  } catch (error) {
    throw new Error(`The gateway did not send the video: ${error.message}`);
  }
  if (response.type === "opaqueredirect") {
    throw new Error("The gateway sends the video from another address, which this page does not ask");
  }
  if (response.status === 429) {
    throw new Error("The gateway asks for fewer requests for videos: try again in a minute");
  }
  if (!response.ok) {
    throw new Error(`The gateway does not send the video itself: HTTP status ${response.status}`);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!/^(video\/|application\/octet-stream)/i.test(type)) {
    throw new Error(`What the gateway sends is not a video: ${type || "no media type"}`);
  }
  return response.blob();
}
