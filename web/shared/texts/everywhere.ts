// What every face says.

import { inLanguages } from '../language.ts'

export const commonTexts = inLanguages({
  en: {
    problem: {
      unreachable: 'There is no connection. Try again when it is back.',
      unexpected: 'Something went wrong.',
      retry: 'Try again',
    },
    list: {
      loading: 'Loading',
      more: 'Show more',
    },
    action: {
      cancel: 'Cancel',
      close: 'Close',
      back: 'Back',
    },
    bell: {
      title: 'Notifications',
      label: (count: number) => (count === 0 ? 'Notifications' : `Notifications, ${count} unread`),
      readAll: 'Mark all as read',
      empty: 'Nothing new',
      emptyWhy: 'What concerns you is told here as it happens.',
      unread: 'Unread',
    },
    person: { unknown: 'Somebody' },
  },
  vi: {
    problem: {
      unreachable: 'Không có kết nối. Hãy thử lại khi có mạng.',
      unexpected: 'Đã có lỗi xảy ra.',
      retry: 'Thử lại',
    },
    list: {
      loading: 'Đang tải',
      more: 'Xem thêm',
    },
    action: {
      cancel: 'Hủy',
      close: 'Đóng',
      back: 'Quay lại',
    },
    bell: {
      title: 'Thông báo',
      label: (count) => (count === 0 ? 'Thông báo' : `Thông báo, ${count} chưa đọc`),
      readAll: 'Đánh dấu đã đọc tất cả',
      empty: 'Không có gì mới',
      emptyWhy: 'Những gì liên quan đến bạn sẽ hiện ở đây ngay khi xảy ra.',
      unread: 'Chưa đọc',
    },
    person: { unknown: 'Một người' },
  },
})
