// What people see. Everything that came from elsewhere is escaped.
const signs = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (value) => String(value).replace(/[&<>"']/g, (sign) => signs[sign])

const page = (title, main) =>
  `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n<main>\n<h1>${title}</h1>\n${main}\n</main>\n</html>\n`

export function askPage({ client_name, username, scopes, save_consent_enabled }, consent_request) {
  const boxes = Object.entries(scopes).map(([name, words]) =>
    words === null
      ? `<input type="hidden" name="scope" value="${escaped(name)}">`
      : `<label><input type="checkbox" name="scope" value="${escaped(name)}" checked> ${escaped(words)}</label><br>`,
  )
  const save = save_consent_enabled
    ? '<label><input type="checkbox" name="save_consent"> Do not ask me again</label><br>'
    : ''
  return page(
    'A service of the bank asks',
    `<p id="who"><b>${escaped(client_name)}</b> asks <b>${escaped(username)}</b> for:</p>
<form method="post" action="/answer">
<input type="hidden" name="consent_request" value="${escaped(consent_request)}">
${boxes.join('\n')}
${save}
<button name="decision" value="allow" id="allow">Allow</button>
<button name="decision" value="deny" id="deny">Deny</button>
</form>`,
  )
}

/** Sends the browser back by a form that posts itself. */
export function answerPage(action, consent_response) {
  return page(
    'One moment',
    `<form method="post" action="${escaped(action)}" id="back">
<input type="hidden" name="consent_response" value="${escaped(consent_response)}">
<button>Go on</button>
</form>
<script>document.forms[0].submit()</script>`,
  )
}

export const errorPage = (message) => page('This cannot be asked', `<p>${escaped(message)}</p>`)
