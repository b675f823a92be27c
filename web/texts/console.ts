// What the frame of the console says, and what its pages share.

import { commonTexts } from '../shared/texts/everywhere.ts'
import { inLanguage, language } from './language.ts'

const own = inLanguage({
  en: {
    name: 'Bellhop',
    skip: 'Skip to the content',
    sections: {
      myDay: 'My day',
      bookings: 'Bookings',
      approvals: 'Approvals',
      chat: 'Chat',
      desk: 'Desk',
      tickets: 'Tickets',
      people: 'People',
      organisation: 'Organisation',
      programs: 'Programs',
      audit: 'Audit',
      operations: 'Operations',
    },
    shell: {
      navigation: 'Sections',
      more: 'More',
      search: 'Go to…',
      account: 'Account',
      signOut: 'Sign out',
      theme: 'Appearance',
      light: 'Light',
      dark: 'Dark',
      system: 'As the device',
      language: 'Language',
      away: 'No connection. What you see may be older; it catches up by itself.',
      notFound: 'There is no such page',
      notFoundWhy: 'The address may be old, or the page is not for your role.',
      home: 'To my day',
      forYou: 'For you',
      zone: (name: string, offset: string) => `Times are those of the organisation: ${name} (${offset}).`,
    },
    action: { save: 'Save', undo: 'Undo', open: 'Open' },
    palette: {
      title: 'Go to',
      hint: 'A page, or a colleague',
      none: 'Nothing is called that',
    },
  },
  vi: {
    name: 'Bellhop',
    skip: 'Chuyển đến nội dung',
    sections: {
      myDay: 'Hôm nay',
      bookings: 'Đặt xe',
      approvals: 'Phê duyệt',
      chat: 'Trò chuyện',
      desk: 'Quầy hỗ trợ',
      tickets: 'Phiếu hỗ trợ',
      people: 'Nhân sự',
      organisation: 'Tổ chức',
      programs: 'Tích hợp',
      audit: 'Nhật ký',
      operations: 'Vận hành',
    },
    shell: {
      navigation: 'Các mục',
      more: 'Thêm',
      search: 'Đi đến…',
      account: 'Tài khoản',
      signOut: 'Đăng xuất',
      theme: 'Giao diện',
      light: 'Sáng',
      dark: 'Tối',
      system: 'Theo thiết bị',
      language: 'Ngôn ngữ',
      away: 'Mất kết nối. Nội dung có thể đã cũ và sẽ tự cập nhật khi có mạng lại.',
      notFound: 'Không có trang này',
      notFoundWhy: 'Địa chỉ có thể đã cũ, hoặc trang không dành cho vai trò của bạn.',
      home: 'Về trang Hôm nay',
      forYou: 'Dành cho bạn',
      zone: (name, offset) => `Giờ hiển thị theo múi giờ của tổ chức: ${name} (${offset}).`,
    },
    action: { save: 'Lưu', undo: 'Hoàn tác', open: 'Mở' },
    palette: {
      title: 'Đi đến',
      hint: 'Tên trang, hoặc đồng nghiệp',
      none: 'Không tìm thấy',
    },
  },
})

const common = commonTexts[language]
export const t = { ...common, ...own, action: { ...common.action, ...own.action } }
