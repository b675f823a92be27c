// What is said about the audit.

import { ACTION_WORDS, ENTITY_WORDS, type Words } from './audit-words.ts'
import { inLanguage, language } from './language.ts'

export const auditText = inLanguage({
  en: {
    action: 'What was done',
    any: 'Anything',
    entity: 'To what',
    from: 'From',
    to: 'Until',
    search: 'Search',
    newer: (count: number) => `${count} more since then: read again`,
    empty: 'Nothing was found',
    emptyWhy: 'Nothing fits these filters.',
    system: 'the system',
    export: 'Export as',
    ordered: (percent: number) => `The export is being written: ${percent} %`,
    failed: 'The export failed:',
    fetch: 'Fetch the export',
    verifyWhy:
      'Every row is sealed into a chain: a row that was changed, taken away or put in between breaks it. An export as JSON carries the seals, for whoever verifies elsewhere.',
    verify: 'Verify the chain',
    verifying: (rows: number) => `${rows} rows are as they were sealed so far…`,
    sound: (rows: number) =>
      rows === 0 ? 'Nothing is sealed yet.' : `All ${rows} rows are as they were sealed.`,
    waiting: (rows: number) => `${rows} newer ones are sealed in a moment.`,
    broken: (rows: number) => `The chain is broken. The first ${rows} rows are sound; then:`,
    place: (n: number | null, id: number | null) =>
      [n !== null && `place ${n}`, id !== null && `row ${id}`].filter(Boolean).join(', ') ||
      'at an unknown place',
    head: 'Its end, to be kept elsewhere:',
  },
  vi: {
    action: 'Việc đã làm',
    any: 'Bất kỳ',
    entity: 'Với gì',
    from: 'Từ',
    to: 'Đến',
    search: 'Tìm',
    newer: (count) => `Có thêm ${count} việc: đọc lại`,
    empty: 'Không tìm thấy gì',
    emptyWhy: 'Không có gì khớp với bộ lọc.',
    system: 'hệ thống',
    export: 'Xuất ra',
    ordered: (percent) => `Đang xuất: ${percent} %`,
    failed: 'Không xuất được:',
    fetch: 'Tải tệp đã xuất',
    verifyWhy:
      'Mỗi dòng được niêm phong vào một chuỗi: dòng nào bị sửa, bị lấy đi hay bị chèn vào sẽ làm đứt chuỗi. Bản xuất JSON mang theo niêm phong để kiểm tra ở nơi khác.',
    verify: 'Kiểm tra chuỗi',
    verifying: (rows) => `${rows} dòng đến nay vẫn như khi niêm phong…`,
    sound: (rows) => (rows === 0 ? 'Chưa có gì được niêm phong.' : `Cả ${rows} dòng vẫn như khi niêm phong.`),
    waiting: (rows) => `${rows} dòng mới hơn sẽ được niêm phong ngay.`,
    broken: (rows) => `Chuỗi bị đứt. ${rows} dòng đầu nguyên vẹn; sau đó:`,
    place: (n, id) =>
      [n !== null && `vị trí ${n}`, id !== null && `dòng ${id}`].filter(Boolean).join(', ') ||
      'không rõ vị trí',
    head: 'Điểm cuối, nên giữ ở nơi khác:',
  },
})

const wordOf = (words: Words[string] | undefined): string | undefined => words?.[language === 'en' ? 0 : 1]

/** What has no words yet stands as it is. */
export const nameAction = (action: string): string => wordOf(ACTION_WORDS[action]) ?? action

/** To choose from, in the order of the alphabet. */
function listChoices(words: Words): (readonly [string, string])[] {
  return Object.entries(words)
    .map(([name, each]) => [name, wordOf(each) ?? name] as const)
    .toSorted(([, one], [, other]) => one.localeCompare(other, language))
}

export const listActions = (): (readonly [string, string])[] => listChoices(ACTION_WORDS)
export const listEntities = (): (readonly [string, string])[] => listChoices(ENTITY_WORDS)
