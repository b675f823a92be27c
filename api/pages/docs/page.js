// Draws /openapi.json, its examples and /asyncapi.json. Everything goes into the page as text, nothing as HTML.

import { draw, expanded, fieldNames, tree } from './schema.js'
import { tryOut } from './try-out.js'

const read = async (address) => (await fetch(address)).json()
const [api, events, examples] = await Promise.all([
  read('/openapi.json').then(expanded),
  read('/asyncapi.json').then(expanded),
  read('/docs/examples.json'),
])
const main = document.querySelector('#main')
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

const messages = Object.values(events.components.messages)

/** Nouns of the events and commands that stand beside each chapter. */
const NOUNS = {
  users: ['people'],
  people: ['people', 'presence'],
  organisation: ['organisation', 'calendar'],
  bookings: ['booking'],
  approvals: ['approval'],
  chat: ['message', 'messages', 'room', 'typing', 'inbox', 'faq'],
  supports: ['ticket'],
  notifications: ['notification'],
  audit: ['audit', 'export'],
  realtime: ['auth', 'token', 'subscribe', 'unsubscribe', 'resume', 'ping'],
}

main.append(
  draw(
    'section',
    { class: 'intro' },
    draw('h1', {}, api.info.title, ' API'),
    draw('p', {}, api.info.description),
    draw('p', {}, draw('a', { href: '/problems' }, 'All codes of refusals')),
    draw('p', {}, 'Base path ', draw('code', {}, api.servers[0].url), '. ', api.servers[0].description),
  ),
  ...api.tags.map(({ name, description }) =>
    chapter(
      name,
      description,
      beside(name),
      ...operations.filter((each) => each.tags.includes(name)).map(endpoint),
    ),
  ),
  chapter(
    'socket-events',
    events.info.description,
    ...messages.filter((each) => !isCommand(each)).map(message),
  ),
  chapter('socket-commands', 'What a client says on the socket.', ...messages.filter(isCommand).map(message)),
)
document
  .querySelector('#contents')
  .append(
    ...[...api.tags.map(({ name }) => name), 'socket-events', 'socket-commands'].map((name) =>
      draw('a', { href: `#${name}` }, name.replace('-', ' ')),
    ),
  )

/** Those who read the operations of something want to know what is told of it, too. */
function beside(tag) {
  const named = messages.filter(({ name }) =>
    NOUNS[tag]?.includes(name.replace(/^command\./, '').split('.')[0]),
  )
  if (named.length === 0) return false
  const links = named.map(({ name }) =>
    draw('a', { href: `#event-${name}` }, name.startsWith('command.') ? `${name.slice(8)}()` : name),
  )
  return draw('p', { class: 'beside' }, 'On the socket: ', ...links.flatMap((link) => [link, ' ']))
}

function chapter(name, description, ...cards) {
  return draw(
    'section',
    { id: name, class: 'chapter' },
    draw('h2', {}, draw('a', { class: 'anchor', href: `#${name}` }, name.replace('-', ' '))),
    description && draw('p', { class: 'quiet' }, description),
    ...cards,
  )
}

function card({ id, badge, badgeClass, title, summary, fields }, ...inside) {
  return draw(
    'details',
    {
      id,
      'data-words': `${badge} ${title} ${summary}`.toLowerCase(),
      'data-fields': fields.join(' ').toLowerCase(),
    },
    draw(
      'summary',
      {},
      draw('span', { class: `badge ${badgeClass}` }, badge),
      draw('code', {}, title),
      draw('span', { class: 'quiet' }, summary),
    ),
    draw(
      'div',
      { class: 'inside' },
      draw('a', { class: 'quiet', href: `#${id}` }, 'Link to this'),
      ...inside,
    ),
  )
}

function endpoint({ operationId, method, path, summary, ...operation }) {
  const body = operation.requestBody
  const example = examples[operationId] ?? {}
  return card(
    {
      id: operationId,
      badge: method,
      badgeClass: method,
      title: path,
      summary,
      fields: fieldsOf(operation),
    },
    draw('p', {}, draw('b', {}, 'Who: '), ...rolesOf(operation)),
    ...parametersOf(operation),
    ...(body
      ? [
          draw('h3', {}, body.required ? 'Body' : 'Body (may be left out)'),
          tree(contentOf(body)),
          ...shownExample(example.body),
        ]
      : []),
    ...Object.entries(operation.responses)
      .filter(([status]) => status < '300')
      .flatMap(([status, reply]) => success(status, reply)),
    ...shownExample(example.reply),
    draw('h3', {}, 'Refusals'),
    draw(
      'ul',
      { class: 'refusals' },
      ...Object.entries(operation.responses)
        .filter(([status]) => status >= '400')
        .map(refusal),
    ),
    tryOut({ base: api.servers[0].url, method, path, example: example.body, ...operation }),
  )
}

/** By any of which it is found. */
function fieldsOf({ parameters = [], requestBody, responses }) {
  const shapes = [requestBody, ...Object.entries(responses).map(([status, reply]) => status < '300' && reply)]
    .filter((each) => each?.content)
    .map(contentOf)
  return [...new Set([...parameters.map(({ name }) => name), ...shapes.flatMap((each) => fieldNames(each))])]
}

function isCommand({ name }) {
  return name.startsWith('command.')
}

function rolesOf({ security, description = whoOf(security), 'x-roles': roles }) {
  return roles
    ? roles.map((role) => draw('span', { class: 'role' }, role))
    : [description.replace(/^For /, '').replace(/\.$/, '')]
}

function whoOf(security) {
  if (security?.length === 0) return 'everybody'
  return security?.every(({ apiKey }) => apiKey) ? 'programs, by their key' : 'everybody who is signed in'
}

function parametersOf({ parameters = [] }) {
  return ['path', 'query', 'header'].flatMap((place) => {
    const here = parameters.filter((each) => each.in === place)
    const properties = Object.fromEntries(
      here.map(({ name, schema, description }) => [name, { ...schema, description }]),
    )
    const required = here.filter((each) => each.required).map((each) => each.name)
    const title = { path: 'In the path', query: 'In the query', header: 'Headers' }[place]
    return here.length > 0 ? [draw('h3', {}, title), tree({ type: 'object', properties, required })] : []
  })
}

function success(status, reply) {
  const headers = Object.keys(reply.headers ?? {})
  return [
    draw('h3', {}, draw('span', { class: 'badge success' }, status), ' ', reply.description),
    headers.length > 0 && draw('p', { class: 'quiet' }, 'Headers: ', headers.join(', ')),
    tree(contentOf(reply), true),
  ]
}

/** As it was recorded. */
function shownExample(example) {
  if (example === undefined) return []
  return [
    draw('details', {}, draw('summary', {}, 'Example'), draw('pre', {}, JSON.stringify(example, null, 2))),
  ]
}

/** Its codes, each of which leads to its page. */
function refusal([status, { description, content }]) {
  const codes = Object.values(content ?? {})[0]?.schema.allOf?.[1].properties.code.enum ?? []
  return draw(
    'li',
    {},
    draw('span', { class: 'badge refusal' }, status === '4XX' ? 'refusal' : status),
    ` ${description} `,
    ...codes.flatMap((code) => [draw('a', { href: `/problems/${code}` }, code), ' ']),
  )
}

function contentOf({ content }) {
  return Object.values(content)[0].schema
}

function message({ name, summary, payload }) {
  const [badge, title] = name.startsWith('command.') ? ['command', name.slice(8)] : ['event', name]
  return card(
    { id: `event-${name}`, badge, badgeClass: 'event', title, summary, fields: fieldNames(payload) },
    draw('h3', {}, 'Frame'),
    tree(payload, badge === 'event'),
  )
}

/** By words of what it does, or by one of its fields. */
document.querySelector('#filter').addEventListener('input', (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ dataset }) =>
    words.every((word) => dataset.words.includes(word)) ||
    (words.length === 1 && dataset.fields.includes(words[0]))
  for (const each of document.querySelectorAll('.chapter > details')) each.hidden = !fits(each)
  for (const each of document.querySelectorAll('.chapter'))
    each.hidden = !each.querySelector(':scope > details:not([hidden])')
})

/** An address with the name of an endpoint opens it; opening one puts it into the address. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (named instanceof HTMLDetailsElement) named.open = true
  named?.scrollIntoView()
}
addEventListener('hashchange', openNamed)
main.addEventListener(
  'toggle',
  ({ target }) => target.open && target.id && history.replaceState(null, '', `#${target.id}`),
  true,
)
openNamed()
