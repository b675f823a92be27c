// What the desk says of itself where the organisation wrote nothing of its own.

import type { Locale } from '../organisations/schema.ts'

interface Texts {
  /** With {nextOpening}. */
  closed: string
  /** There is no next opening. */
  closedForNow: string
  away: string
  acknowledge: string
  wasThisHelpful: string
  yes: string
  no: string
  /** Before the questions that may be meant. */
  didYouMean: string
  somethingElse: string
}

export const TEXTS: Readonly<Record<Locale, Texts>> = {
  vi: {
    closed:
      'Cảm ơn {name} đã nhắn tin. Hiện chúng tôi đã đóng cửa và sẽ trả lời khi mở cửa lại: {nextOpening}.',
    closedForNow: 'Cảm ơn {name} đã nhắn tin. Hiện chúng tôi đang đóng cửa và sẽ trả lời sớm nhất có thể.',
    away: 'Cảm ơn {name} đã nhắn tin. Hiện chưa có nhân viên trực, chúng tôi sẽ trả lời sớm nhất có thể.',
    acknowledge: 'Chúng tôi đã nhận được tin nhắn của {name}. Nhân viên sẽ trả lời ngay.',
    wasThisHelpful: 'Câu trả lời này có giúp được bạn không?',
    yes: 'Có',
    no: 'Không, tôi muốn gặp nhân viên',
    didYouMean: 'Bạn muốn hỏi về điều nào dưới đây?',
    somethingElse: 'Chuyện khác, tôi muốn gặp nhân viên',
  },
  en: {
    closed:
      'Thank you for your message, {name}. We are closed now and will answer when we open again: {nextOpening}.',
    closedForNow: 'Thank you for your message, {name}. We are closed now and will answer as soon as we can.',
    away: 'Thank you for your message, {name}. Nobody is at the desk right now; we will answer as soon as we can.',
    acknowledge: 'We have your message, {name}. Somebody will answer you shortly.',
    wasThisHelpful: 'Did this answer help you?',
    yes: 'Yes',
    no: 'No, I want to talk to a person',
    didYouMean: 'Did you mean one of these?',
    somethingElse: 'Something else, I want to talk to a person',
  },
}

/** @param seconds of waiting, in the words of a language; at least a minute */
export function lengthInWords(seconds: number, locale: Locale): string {
  const minutes = Math.max(1, Math.round(seconds / 60))
  const [unit, count] = minutes < 120 ? ['minute', minutes] : ['hour', Math.round(minutes / 60)]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count as number)
}
