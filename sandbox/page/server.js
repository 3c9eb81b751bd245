// The workspace's control API, the only thing that the page talks to.

// The workspace cannot be reached.
export class ServerAway extends Error {}

export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return ask(`/control/${path}?${new URLSearchParams(given)}`);
}

export function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return ask(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function ask(address, options) {
  let response;
  let body;
  try {
    response = await fetch(address, options);
    body = await response.text();
  } catch {
    throw new ServerAway("The workspace cannot be reached.");
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const answer = isJson ? JSON.parse(body) : {};
  if (!response.ok || !isJson) throw new Error(answer.error ?? `The workspace had trouble (${response.status}).`);
  return answer;
}
