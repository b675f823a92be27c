// What mails about accounts say, in every language (ICU MessageFormat).

import type { Locale } from '../organisations/schema.ts'
import type { LinkKind } from '../users/account-links.ts'

type Words = Readonly<Record<Locale, string>>

export const ACCOUNT_MAILS: Readonly<
  Record<LinkKind, Record<'title' | 'message' | 'label' | 'note', Words>>
> = {
  invitation: {
    title: { vi: '{org} mời bạn dùng Bellhop', en: '{org} invites you to Bellhop' },
    message: {
      vi: 'Bạn đã có tài khoản với địa chỉ {email}. Hãy chọn mật khẩu để bắt đầu.',
      en: 'There is an account for you, with the address {email}. Choose your password to begin.',
    },
    label: { vi: 'Chọn mật khẩu', en: 'Choose your password' },
    note: {
      vi: 'Liên kết chỉ dành cho bạn, dùng được một lần, đến {until}.',
      en: 'The link is for you alone, and good once, until {until}.',
    },
  },
  reset: {
    title: { vi: 'Đặt mật khẩu mới', en: 'A new password' },
    message: {
      vi: 'Có người, mong là bạn, xin đặt mật khẩu mới cho tài khoản {email}. Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu vẫn như cũ.',
      en: 'Somebody, hopefully you, asked for a new password for {email}. If it was not you, do nothing: your password stays as it is.',
    },
    label: { vi: 'Đặt mật khẩu mới', en: 'Choose a new password' },
    note: {
      vi: 'Liên kết chỉ dành cho bạn, dùng được một lần, đến {until}.',
      en: 'The link is for you alone, and good once, until {until}.',
    },
  },
}
