// The workspace's control API, the only thing that the page talks to.

// The workspace cannot be reached.
export class ServerAway extends Error {}

export function get(path, query = {}, signal = undefined) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return ask(`/control/${path}?${new URLSearchParams(given)}`, { signal });
}

export function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return ask(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerAway("The workspace cannot be reached.");
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The workspace answered ${response.status}.`);
  return answer;
}
