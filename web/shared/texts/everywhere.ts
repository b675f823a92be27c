// What every face says.

import { inLanguages } from '../language.ts'

export const commonTexts = inLanguages({
  en: {
    problem: {
      unreachable: 'There is no connection. Try again when it is back.',
      unexpected: 'Something went wrong.',
      request: (id: string) => `For whoever looks into it: ${id}`,
      retry: 'Try again',
    },
    list: {
      loading: 'Loading',
      more: 'Show more',
      stale: 'May be out of date',
    },
    action: {
      cancel: 'Cancel',
      close: 'Close',
      save: 'Save',
      send: 'Send',
      undo: 'Undo',
      back: 'Back',
      open: 'Open',
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
      request: (id) => `Mã để tra cứu: ${id}`,
      retry: 'Thử lại',
    },
    list: {
      loading: 'Đang tải',
      more: 'Xem thêm',
      stale: 'Có thể đã cũ',
    },
    action: {
      cancel: 'Hủy',
      close: 'Đóng',
      save: 'Lưu',
      send: 'Gửi',
      undo: 'Hoàn tác',
      back: 'Quay lại',
      open: 'Mở',
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
