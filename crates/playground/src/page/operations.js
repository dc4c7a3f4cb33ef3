// Swagger UI over the document, with our report below each response.

import { showReport } from "./exchanges.js";
import { showVideo, videoIn } from "./video.js";

const REQUEST_ID = "X-Request-Id";
const SCENARIO = "X-Mock-Scenario";
const KEY_VARIABLE = "$SEEDANCE_API_KEY";

let settings = null;
let ui = null;
let scenario = null;

/// Shows the operations; resolves when they are there.
export function showOperations(given) {
  settings = given;
  return new Promise((resolve) => {
    ui = window.SwaggerUIBundle({
      url: "/_playground/openapi.yaml",
      domNode: document.getElementById("swagger-ui"),
      validatorUrl: null,
      persistAuthorization: false,
      queryConfigEnabled: false,
      tryItOutEnabled: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      showMutatedRequest: true,
      requestInterceptor: prepare,
      responseInterceptor: takeId,
      plugins: [plugin],
      onComplete: () => {
        if (settings.key) authorize(settings.key);
        resolve();
      },
    });
  });
}

/// Puts a task into the operations that ask for one, and opens the query.
export function useTask(id, name) {
  scenario = name;
  setTask(id);
  const query = document_().paths[settings.query_path].get;
  ui.layoutActions.show(["operations", query.tags[0], query.operationId], true);
  return `operations-${query.tags[0]}-${query.operationId}`;
}

function document_() {
  return ui.specSelectors.specJson().toJS();
}

function authorize(key) {
  const schemes = Object.entries(document_().components.securitySchemes);
  const [name] = schemes.find(([, scheme]) => scheme.scheme === "bearer");
  ui.preauthorizeApiKey(name, key);
}

function setTask(id) {
  for (const [path, operations] of Object.entries(document_().paths)) {
    if (!path.includes(`{${settings.id_parameter}}`)) continue;
    for (const method of Object.keys(operations)) {
      ui.specActions.changeParam([path, method], settings.id_parameter, "path", id, false);
    }
  }
}

/// Each request has an id, by which its report is found.
function prepare(request) {
  if (new URL(request.url, location.href).pathname.startsWith("/_playground/")) return request;
  request.headers[REQUEST_ID] = `playground-${crypto.getRandomValues(new Uint32Array(3)).join("-")}`;
  if (scenario && isSubmission(request)) request.headers[SCENARIO] = scenario;
  return request;
}

function isSubmission(request) {
  const isPost = request.method?.toUpperCase() === "POST";
  return isPost && new URL(request.url, location.href).pathname === settings.submit_path;
}

/// A submitted task is the one to query next.
function takeId(response) {
  if (response.ok && new URL(response.url, location.href).pathname === settings.submit_path) {
    const reply = response.body ?? {};
    const id = settings.id_members.map((member) => reply[member]).find(Boolean);
    // Not before the response itself has been taken.
    if (id) setTimeout(() => setTask(id));
  }
  return response;
}

function plugin({ React }) {
  const h = React.createElement;

  /// The command has a variable where the key was.
  function Curl({ request }) {
    const headers = ["authorization", "Authorization"];
    let shown = request.deleteIn(["headers", REQUEST_ID]);
    for (const name of headers.filter((name) => shown.hasIn(["headers", name]))) {
      shown = shown.setIn(["headers", name], `Bearer ${KEY_VARIABLE}`);
    }
    const quoted = new RegExp(`'(authorization: Bearer \\${KEY_VARIABLE})'`, "i");
    const command = ui.fn.requestSnippetGenerator_curl_bash(shown).replace(quoted, '"$1"');
    return h(
      "div",
      { className: "curl-command" },
      h("h4", null, "Curl"),
      h("pre", { className: "curl microlight", tabIndex: 0 }, command),
    );
  }

  function Report({ id }) {
    const host = React.useRef(null);
    React.useEffect(() => showReport(host.current, id), [id]);
    return h("section", { className: "our-report", "aria-live": "polite" }, [
      h("h4", { key: "title" }, "Report"),
      h("div", { key: "host", ref: host }),
    ]);
  }

  /// The video of a finished task, as the answer to a query has it.
  function Video({ url, id, request }) {
    const host = React.useRef(null);
    const headers = request.get("headers");
    const key = headers.get("Authorization") ?? headers.get("authorization");
    const task = request.get("url").split(/[?#]/)[0].split("/").pop();
    const content = settings.content_path.replace(`{${settings.id_parameter}}`, task);
    React.useEffect(() => showVideo(host.current, { url, content, key }), [url, id]);
    return h("section", { className: "video" }, [
      h("h4", { key: "title" }, "Video"),
      h("div", { key: "host", ref: host }),
    ]);
  }

  return {
    components: { curl: Curl },
    wrapComponents: {
      liveResponse: (Original, { specSelectors }) => (props) => {
        const request = specSelectors.mutatedRequestFor(props.path, props.method);
        const id = request?.getIn(["headers", REQUEST_ID]);
        const isQuery = props.method === "get" && props.path.endsWith(`{${settings.id_parameter}}`);
        const url = isQuery ? videoIn(props.response.get("text"), settings.video_pointers) : null;
        return h(
          React.Fragment,
          null,
          h(Original, props),
          id ? h(Report, { id }) : null,
          id && url ? h(Video, { url, id, request }) : null,
        );
      },
      // A key is typed as a password is, and no browser is to keep it.
      Input: (Original) => (props) =>
        props.id === "auth-bearer-value"
          ? h(Original, { ...props, type: "password", autoComplete: "off" })
          : h(Original, props),
    },
    statePlugins: {
      spec: {
        wrapActions: {
          // The requests go to the server of this page, whatever gateways the document names.
          updateJsonSpec: (original) => (spec) => original({ ...spec, servers: [{ url: "/" }] }),
        },
      },
    },
  };
}
