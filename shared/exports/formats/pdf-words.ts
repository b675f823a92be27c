// What a page of the audit says beside its rows, and what it shows of each.

import { formatInstant, instantWriter } from '../../kit/text/locale.ts'
import type { ExportHeading, NamedRow } from '../schema.ts'

export const CELLS = ['at', 'actor', 'action', 'what', 'description', 'ip'] as const

export interface PdfWording {
  title: string
  subtitle: string
  heads: readonly string[]
  page: (number: number) => string
  nothing: string
  withoutFont: string
  cellsOf: (row: NamedRow) => string[]
}

const WORDS = {
  vi: {
    all: 'Nhật ký hoạt động',
    chat: 'Nhật ký phòng trò chuyện',
    at: 'Thời điểm',
    actor: 'Người thực hiện',
    action: 'Hành động',
    what: 'Đối tượng',
    description: 'Diễn giải',
    ip: 'Địa chỉ IP',
    made: 'Lập lúc',
    from: 'từ',
    to: 'đến trước',
    page: 'Trang',
    nothing: 'Không có gì.',
    runtime: 'Hệ thống',
    erased: '(đã xóa)',
    room: 'Phòng',
    withoutFont:
      'Không có phông chữ cho một số ký tự ở trên, nên chúng hiện thành ô vuông. Bản CSV và JSON có đủ.',
  },
  en: {
    all: 'Audit',
    chat: 'Audit of chat rooms',
    at: 'Time',
    actor: 'Who',
    action: 'Action',
    what: 'Subject',
    description: 'Description',
    ip: 'IP address',
    made: 'Made',
    from: 'from',
    to: 'before',
    page: 'Page',
    nothing: 'Nothing.',
    runtime: 'The system',
    erased: '(erased)',
    room: 'Room',
    withoutFont:
      'No font was found for some characters above, which are shown as boxes. The CSV and JSON exports have them.',
  },
} as const satisfies Record<ExportHeading['locale'], object>

/** What rows are about; what only another release knows is shown as it is. */
const ENTITIES: Readonly<Record<string, Readonly<Record<ExportHeading['locale'], string>>>> = {
  calendar_feed: { vi: 'Địa chỉ lịch', en: 'Calendar address' },
  api_key: { vi: 'Khóa API', en: 'API key' },
  approval: { vi: 'Lượt duyệt', en: 'Approval' },
  audit: { vi: 'Nhật ký', en: 'Audit' },
  auto_response: { vi: 'Câu trả lời tự động', en: 'Automatic reply' },
  booking: { vi: 'Đặt chỗ', en: 'Booking' },
  delegation: { vi: 'Ủy quyền', en: 'Delegation' },
  delivery: { vi: 'Lượt gửi', en: 'Delivery' },
  event: { vi: 'Sự kiện', en: 'Event' },
  faq: { vi: 'Câu hỏi', en: 'FAQ' },
  file: { vi: 'Tệp', en: 'File' },
  job: { vi: 'Công việc', en: 'Job' },
  message: { vi: 'Tin nhắn', en: 'Message' },
  organisation: { vi: 'Tổ chức', en: 'Organisation' },
  queue: { vi: 'Hàng đợi', en: 'Queue' },
  resource: { vi: 'Tài nguyên', en: 'Resource' },
  room: { vi: 'Phòng', en: 'Room' },
  session: { vi: 'Phiên', en: 'Session' },
  settings: { vi: 'Thiết lập', en: 'Settings' },
  subscription: { vi: 'Thiết bị', en: 'Device' },
  ticket: { vi: 'Yêu cầu hỗ trợ', en: 'Ticket' },
  user: { vi: 'Người dùng', en: 'Person' },
  webhook: { vi: 'Webhook', en: 'Webhook' },
}

export function pdfWordingOf(heading: ExportHeading): PdfWording {
  const { organisation, locale, timezone, scope } = heading
  const words = WORDS[locale]
  const write = instantWriter(locale, timezone)
  return {
    title: `${organisation}: ${words[scope]}`,
    subtitle: subtitleOf(heading),
    heads: CELLS.map((cell) => words[cell]),
    page: (number) => `${words.page} ${number}`,
    nothing: words.nothing,
    withoutFont: words.withoutFont,
    cellsOf: (row) => [
      write(row.at),
      row.actor ?? words.runtime,
      row.action,
      `${entityName(row.entity, locale)} ${row.entityId?.slice(0, 8) ?? ''}`,
      row.erasedBy === null ? row.description : words.erased,
      row.ip ?? '',
    ],
  }
}

const entityName = (entity: string, locale: ExportHeading['locale']): string =>
  ENTITIES[entity]?.[locale] ?? entity

/** When it was made, for which time, and of what. */
function subtitleOf({ locale, timezone, at, filter }: ExportHeading): string {
  const words = WORDS[locale]
  const { from, to, action, entity, actorId, roomId } = filter
  const instant = (value: Date | string): string => formatInstant(new Date(value), locale, timezone)
  return [
    `${words.made} ${instant(at)} (${timezone})`,
    from && `${words.from} ${instant(from)}`,
    to && to !== at.toISOString() && `${words.to} ${instant(to)}`,
    action && `${words.action}: ${action}`,
    entity && `${words.what}: ${entityName(entity, locale)}`,
    actorId && `${words.actor}: ${actorId}`,
    roomId && `${words.room}: ${roomId}`,
  ]
    .filter(Boolean)
    .join('  ·  ')
}
