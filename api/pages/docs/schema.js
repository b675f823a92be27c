// A JSON Schema as nested lists.

/** An element with attributes and children; what is false or undefined is left out. */
export function draw(tag, attributes, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== false && child !== undefined))
  return element
}

/** The document with what its references lead to in their place. */
export function expanded(document) {
  const known = new Map()
  const targetOf = (ref) =>
    ref
      .slice(2)
      .split('/')
      .reduce((inside, key) => inside[key], document)
  const expand = (value) => {
    if (Array.isArray(value)) return value.map(expand)
    if (typeof value !== 'object' || value === null) return value
    if (typeof value.$ref !== 'string')
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expand(each)]))
    if (!known.has(value.$ref)) known.set(value.$ref, expand(targetOf(value.$ref)))
    return known.get(value.$ref)
  }
  return expand(document)
}

/** How deep fields are found by their names. */
const DEEP = 4

/** Names of all fields of a shape, those inside of others as well. */
export function fieldNames(schema, depth = DEEP) {
  if (depth === 0) return []
  const { properties = {}, alternatives = [] } = inner(schema)
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [name, ...fieldNames(field, depth - 1)]),
    ...alternatives.flatMap((each) => fieldNames(each, depth)),
  ]
}

/** @param isReply a reader of replies wants to know what may be missing, a writer of requests what must not */
export function tree(schema, isReply = false) {
  const { properties, alternatives } = inner(schema)
  if (alternatives)
    return draw(
      'div',
      {},
      ...alternatives.flatMap((each, at) => [
        at > 0 && draw('p', { class: 'quiet' }, 'or'),
        tree(each, isReply),
      ]),
    )
  if (!properties) return draw('p', {}, typeOf(schema))
  const required = new Set(inner(schema).required)
  const list = draw(
    'ul',
    { class: 'fields' },
    ...Object.entries(properties).map(([name, field]) => row(name, field, required.has(name), isReply)),
  )
  return schema.type === 'array' ? draw('div', {}, draw('p', { class: 'quiet' }, 'A list of'), list) : list
}

function row(name, field, isRequired, isReply) {
  const { properties, alternatives } = inner(field)
  const told = field.description === undefined && field.anyOf ? field.anyOf[0] : field
  return draw(
    'li',
    {},
    draw('code', {}, name),
    ' ',
    draw('span', { class: 'type' }, typeOf(field)),
    isRequired && !isReply && draw('span', { class: 'required' }, 'required'),
    !isRequired && draw('span', { class: 'quiet' }, isReply ? 'may be missing' : 'optional'),
    ' ',
    draw('span', {}, told.description ?? ''),
    ' ',
    draw('span', { class: 'quiet' }, limitsOf(told)),
    (properties || alternatives) && draw('details', {}, draw('summary', {}, 'Fields'), tree(field, isReply)),
  )
}

/** What is inside of lists and of "or null": an object with fields, a choice of such objects, or nothing to unfold. */
function inner(schema) {
  if (schema.type === 'array') return inner(schema.items)
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => each.type !== 'null')
  if (choices.length === 1) return inner(choices[0])
  if (choices.some((each) => inner(each).properties)) return { alternatives: choices }
  if (schema.allOf)
    return schema.allOf.map(inner).reduce(
      (all, each) => ({
        properties: { ...all.properties, ...each.properties },
        required: [...(all.required ?? []), ...(each.required ?? [])],
      }),
      {},
    )
  return schema
}

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.join(' | ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(typeOf).join(' or ')
  return schema.format ?? [schema.type ?? 'anything'].flat().join(' or ')
}

function limitsOf({ minimum, maximum, minLength, maxLength, maxItems, pattern, default: fallback }) {
  return [
    minimum !== undefined && maximum !== undefined && `${minimum} to ${maximum}`,
    minimum !== undefined && maximum === undefined && `at least ${minimum}`,
    minLength > 1 && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxItems !== undefined && `at most ${maxItems}`,
    pattern !== undefined && pattern !== '\\S' && `like ${pattern}`,
    fallback !== undefined && `${JSON.stringify(fallback)} unless given`,
  ]
    .filter(Boolean)
    .join(' · ')
}
