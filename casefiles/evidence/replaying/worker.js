// The service worker of the replay host. It loads the one of ReplayWeb.page, unchanged, and sees to it that every page
// that one answers with carries our policy: its own lets WebSockets out, and asks nobody else.
const POLICY = "__POLICY__";
const WITHOUT_BODY = [101, 204, 205, 304];

async function closed(answer) {
  const response = await answer;
  if (!response || ["error", "opaque", "opaqueredirect"].includes(response.type)) {
    return Response.error();
  }
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", POLICY);
  headers.set("X-DNS-Prefetch-Control", "off");
  const body = WITHOUT_BODY.includes(response.status) ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

// The same script also runs as an ordinary worker, which answers nobody.
if (self.FetchEvent) {
  const respondWith = FetchEvent.prototype.respondWith;
  FetchEvent.prototype.respondWith = function (answer) {
    respondWith.call(this, closed(answer));
  };
}

importScripts("/replay/wabac.js");
