// What is said about the audit and the running of the installation.

import { inLanguage } from './language.ts'

export const auditText = inLanguage({
  en: {
    action: 'What was done',
    actionHint: 'For example login or booking_created',
    entity: 'To what',
    from: 'From',
    to: 'Until',
    search: 'Search',
    empty: 'Nothing was found',
    emptyWhy: 'Nothing fits these filters.',
    system: 'the system',
    export: 'Export as',
    ordered: (percent: number) => `The export is being written: ${percent} %`,
    failed: 'The export failed:',
    fetch: 'Fetch the export',
    verify:
      'Every row is sealed into a chain. Whoever operates the installation proves that nothing was changed by npx bellhop audit verify; an export as JSON carries the seals.',
  },
  vi: {
    action: 'Việc đã làm',
    actionHint: 'Ví dụ login hoặc booking_created',
    entity: 'Với gì',
    from: 'Từ',
    to: 'Đến',
    search: 'Tìm',
    empty: 'Không tìm thấy gì',
    emptyWhy: 'Không có gì khớp với bộ lọc.',
    system: 'hệ thống',
    export: 'Xuất ra',
    ordered: (percent) => `Đang xuất: ${percent} %`,
    failed: 'Không xuất được:',
    fetch: 'Tải tệp đã xuất',
    verify:
      'Mỗi dòng được niêm phong vào một chuỗi. Người vận hành chứng minh không có gì bị sửa bằng npx bellhop audit verify; bản xuất JSON mang theo niêm phong.',
  },
})

export const operationsText = inLanguage({
  en: {
    board: 'Queues and jobs',
    boardWhy: 'Bull Board: what waits, runs and failed, with a sign-in of its own.',
    docs: 'The documentation of the API',
    docsWhy: 'Every operation and event, with examples.',
    ready: 'Is everything there?',
    readyNow: 'Ready',
    notReady: 'Not ready',
    connection: 'This page’s connection',
    state: { connecting: 'Connecting', live: 'Live', away: 'Away', ended: 'Ended', closed: 'Closed' },
    version: 'Version',
  },
  vi: {
    board: 'Hàng đợi và công việc',
    boardWhy: 'Bull Board: việc đang chờ, đang chạy và bị lỗi, có đăng nhập riêng.',
    docs: 'Tài liệu API',
    docsWhy: 'Mọi thao tác và sự kiện, kèm ví dụ.',
    ready: 'Mọi thứ có sẵn sàng?',
    readyNow: 'Sẵn sàng',
    notReady: 'Chưa sẵn sàng',
    connection: 'Kết nối của trang này',
    state: {
      connecting: 'Đang nối',
      live: 'Trực tiếp',
      away: 'Mất kết nối',
      ended: 'Đã kết thúc',
      closed: 'Đã đóng',
    },
    version: 'Phiên bản',
  },
})
