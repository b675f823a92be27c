// What is said about one's own account.

import { inLanguage } from './language.ts'

export const accountText = inLanguage({
  en: {
    password: 'Change the password',
    current: 'Password now',
    next: 'New password',
    nextHint: 'At least 8 characters. Your other sessions end.',
    changed: 'The password is changed.',
    secondFactor: 'Second factor',
    sessions: 'Where you are signed in',
    here: 'This device',
    unknownDevice: 'An unknown device',
    used: 'last used',
    end: 'End',
    ended: 'That session has ended.',
  },
  vi: {
    password: 'Đổi mật khẩu',
    current: 'Mật khẩu hiện tại',
    next: 'Mật khẩu mới',
    nextHint: 'Ít nhất 8 ký tự. Các phiên khác của bạn sẽ kết thúc.',
    changed: 'Đã đổi mật khẩu.',
    secondFactor: 'Xác thực hai lớp',
    sessions: 'Nơi bạn đang đăng nhập',
    here: 'Thiết bị này',
    unknownDevice: 'Thiết bị không rõ',
    used: 'dùng lần cuối',
    end: 'Kết thúc',
    ended: 'Phiên đó đã kết thúc.',
  },
})
