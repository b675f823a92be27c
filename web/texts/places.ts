// Where in a request something is wrong, as its form calls that place.

import { inLanguage } from './language.ts'

const WORDS = inLanguage<Readonly<Record<string, string>>>({
  en: {
    rules: 'rule',
    steps: 'step',
    approvers: 'who is asked',
    when: 'condition',
    ttl: 'how long they have',
    reminders: 'reminder',
    first: 'the first after',
    every: 'then every',
    events: 'fact',
    url: 'address',
    name: 'name',
  },
  vi: {
    rules: 'quy tắc',
    steps: 'bước',
    approvers: 'người được hỏi',
    when: 'điều kiện',
    ttl: 'có bao lâu',
    reminders: 'nhắc',
    first: 'lần đầu sau',
    every: 'rồi mỗi',
    events: 'sự kiện',
    url: 'địa chỉ',
    name: 'tên',
  },
})

/** @param path a JSON pointer, as in /body/rules/2/steps/0/ttl: "rule 3, step 1, how long they have" */
export function sayPlace(path: string): string {
  const parts = path.replace(/^\/body\/?/, '').split('/')
  return parts
    .map((part) => (/^\d+$/.test(part) ? ` ${Number(part) + 1}` : `, ${WORDS[part] ?? part}`))
    .join('')
    .replace(/^, /, '')
}
