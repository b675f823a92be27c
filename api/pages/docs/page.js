// Draws /openapi.json and /asyncapi.json. Everything goes into the page as text, nothing as HTML.

import { draw, schemaOf, tree } from './schema.js'

const [api, events] = await Promise.all(
  ['/openapi.json', '/asyncapi.json'].map(async (address) => (await fetch(address)).json()),
)
const main = document.querySelector('#main')
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

main.append(
  draw(
    'section',
    { class: 'intro' },
    draw('h1', {}, api.info.title, ' API'),
    draw('p', {}, api.info.description),
    draw('p', {}, 'Base path ', draw('code', {}, api.servers[0].url), '. ', api.servers[0].description),
  ),
  ...api.tags.map(({ name, description }) =>
    chapter(name, description, operations.filter((each) => each.tags.includes(name)).map(endpoint)),
  ),
  chapter('events', events.info.description, Object.values(events.components.messages).map(message)),
)
document
  .querySelector('#contents')
  .append(
    ...[...api.tags.map(({ name }) => name), 'events'].map((name) => draw('a', { href: `#${name}` }, name)),
  )

function chapter(name, description, cards) {
  return draw(
    'section',
    { id: name, class: 'chapter' },
    draw('h2', {}, name),
    description && draw('p', { class: 'quiet' }, description),
    ...cards,
  )
}

function card(id, badge, badgeClass, title, summary, ...inside) {
  return draw(
    'details',
    { id, 'data-words': `${badge} ${title} ${summary}`.toLowerCase() },
    draw(
      'summary',
      {},
      draw('span', { class: `badge ${badgeClass}` }, badge),
      draw('code', {}, title),
      draw('span', { class: 'quiet' }, summary),
    ),
    draw('div', { class: 'inside' }, ...inside),
  )
}

function endpoint({ operationId, method, path, summary, ...operation }) {
  const body = operation.requestBody
  return card(
    operationId,
    method,
    method,
    path,
    summary,
    draw('p', {}, draw('b', {}, 'Who: '), ...rolesOf(operation)),
    ...parametersOf(operation),
    ...(body
      ? [draw('h3', {}, body.required ? 'Body' : 'Body (may be left out)'), tree(contentOf(body))]
      : []),
    ...Object.entries(operation.responses)
      .filter(([status]) => status < '300')
      .flatMap(([status, reply]) => success(status, reply)),
    draw('h3', {}, 'Refusals'),
    draw(
      'ul',
      { class: 'refusals' },
      ...Object.entries(operation.responses)
        .filter(([status]) => status >= '400')
        .map(refusal),
    ),
  )
}

function rolesOf({ description, 'x-roles': roles }) {
  return roles
    ? roles.map((role) => draw('span', { class: 'role' }, role))
    : [description.replace(/^For /, '').replace(/\.$/, '')]
}

function parametersOf({ parameters }) {
  const known = parameters.map((each) => schemaOf(api, each))
  return ['path', 'query', 'header'].flatMap((place) => {
    const here = known.filter((each) => each.in === place)
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

function refusal([status, reply]) {
  return draw(
    'li',
    {},
    draw('span', { class: 'badge refusal' }, status === 'default' ? 'other' : status),
    ' ',
    schemaOf(api, reply).description,
  )
}

function contentOf({ content }) {
  return schemaOf(api, Object.values(content)[0].schema)
}

function message({ name, summary, payload }) {
  return card(`event-${name}`, 'event', 'event', name, summary, draw('h3', {}, 'Frame'), tree(payload, true))
}

document.querySelector('#filter').addEventListener('input', (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/)
  for (const each of document.querySelectorAll('.chapter > details'))
    each.hidden = !words.every((word) => each.dataset.words.includes(word))
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
