// A form for each operation, which asks it for real, as whoever is signed in.

import { draw } from './schema.js'
import { accessToken, signedIn } from './session.js'

const who = signedIn()
document
  .querySelector('#who')
  .append(
    ...(who
      ? [`Trying out as ${who.name ?? who.email ?? who.sub}, ${who.role}.`]
      : [draw('a', { href: '/' }, 'Sign in'), ' to try things out.']),
  )

export function tryOut({ base, method, path, parameters = [], requestBody, example = {} }) {
  const inputs = parameters
    .filter((each) => each.in !== 'header')
    .map((parameter) => ({
      ...parameter,
      input: draw('input', { name: parameter.name, autocomplete: 'off' }),
    }))
  const isJson = requestBody?.content['application/json'] !== undefined
  const body =
    isJson &&
    draw('textarea', { rows: 8, spellcheck: 'false', 'aria-label': 'Body' }, JSON.stringify(example, null, 2))
  const answer = draw('div', { role: 'status' })
  const form = draw(
    'form',
    { class: 'try' },
    ...inputs.map(({ name, required, input }) =>
      draw('label', {}, `${name}${required ? '' : ' (optional)'}`, input),
    ),
    body && draw('label', {}, 'Body', body),
    method !== 'get' && draw('p', { class: 'quiet' }, 'This changes things for real.'),
    draw('button', {}, 'Send'),
    answer,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    answer.replaceChildren('…')
    void ask({ base, method, path, inputs, body: body && body.value }).then(
      (shown) => answer.replaceChildren(...shown),
      (error) => answer.replaceChildren(String(error)),
    )
  })
  return draw('details', {}, draw('summary', {}, 'Try it out'), form)
}

async function ask({ base, method, path, inputs, body }) {
  const valueOf = (place) => inputs.filter((each) => each.in === place && each.input.value !== '')
  const filled = valueOf('path').reduce(
    (address, { name, input }) => address.replace(`{${name}}`, encodeURIComponent(input.value)),
    path,
  )
  const query = new URLSearchParams(valueOf('query').map(({ name, input }) => [name, input.value]))
  const token = await accessToken(base)
  const response = await fetch(`${base}${filled}${query.size > 0 ? `?${query}` : ''}`, {
    method: method.toUpperCase(),
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body }),
  })
  return drawAnswer(response)
}

async function drawAnswer(response) {
  const type = response.headers.get('content-type') ?? ''
  const isText = /json|text|csv/.test(type)
  const text = isText ? await response.text() : `${(await response.blob()).size} bytes of ${type}`
  const isRefused = !response.ok
  const shown = /json/.test(type) && text ? JSON.stringify(JSON.parse(text), null, 2) : text
  return [
    draw('span', { class: `badge ${isRefused ? 'refusal' : 'success'}` }, String(response.status)),
    ` ${response.headers.get('x-request-id') ?? ''}`,
    draw('pre', { tabindex: '0' }, shown),
  ]
}
