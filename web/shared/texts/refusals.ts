// What the server refuses, by its code, for those who read Vietnamese. In English it says itself what is wrong, and more exactly.

import type { Language } from '../language.ts'
import { findWords } from './field-problems.ts'

export const REFUSALS_IN_VIETNAMESE: Readonly<Record<string, string>> = {
  malformed: 'Yêu cầu chưa đúng: có mục bị thiếu hoặc sai.',
  unauthorized: 'Phiên đăng nhập đã hết. Hãy đăng nhập lại.',
  forbidden: 'Bạn không có quyền làm việc này.',
  not_found: 'Không tìm thấy, hoặc bạn không được xem.',
  invalid: 'Yêu cầu trái với một quy tắc',
  conflict: 'Trái với hiện trạng. Hãy xem lại rồi thử lại',
  over_capacity: 'Số người vượt quá số chỗ',
  already_decided: 'Đã có người quyết định, hoặc đã hết hạn.',
  impossible_transition: 'Không thể chuyển sang bước này từ trạng thái hiện tại.',
  changed_meanwhile: 'Có người vừa thay đổi. Hãy xem bản mới rồi sửa lại.',
  room_not_active: 'Cuộc trò chuyện đã đóng, không nhận tin nhắn.',
  message_deleted: 'Tin nhắn đã bị xóa.',
  too_late: 'Đã quá thời gian được thay đổi.',
  revoked: 'Khóa đã bị thu hồi. Hãy tạo khóa mới.',
  not_closed: 'Đóng rồi mới đánh giá được.',
  too_many_faqs: 'Bộ câu hỏi đã đạt giới hạn',
  too_many_auto_responses: 'Đã đủ số câu trả lời tự động. Hãy bỏ bớt một câu.',
  last_admin: 'Tổ chức phải có ít nhất một quản trị viên.',
  no_driver: 'Chưa có tài xế nên chưa thể trò chuyện.',
  too_large: 'Nội dung hoặc tệp quá lớn.',
  unsupported: 'Không nhận loại nội dung này.',
  broken_off: 'Tải lên bị ngắt giữa chừng. Hãy thử lại.',
  timeout: 'Tải lên quá lâu. Hãy thử lại.',
  too_many_requests: 'Bạn thao tác quá nhanh. Hãy đợi một chút.',
  unavailable: 'Máy chủ tạm thời không trả lời. Hãy thử lại sau.',
  internal: 'Lỗi từ phía chúng tôi. Thử lại có thể được.',
}

/** What the client itself says of a message that is not sent. */
const UNSENT_IN_VIETNAMESE: Readonly<Record<string, string>> = {
  no_room: 'Thiết bị không đủ chỗ để giữ tệp đến khi gửi. Hãy thử lại.',
  file_gone: 'Thiết bị không còn giữ tệp. Hãy chọn lại.',
}

/** Whose detail names what the sentence leaves out. */
const NEEDS_DETAIL = ['invalid', 'conflict', 'over_capacity', 'too_many_faqs']

/** In the reader's language; where the detail has words of its own, they alone. */
export function sayRefusalIn(language: Language, { code, detail }: { code: string; detail: string }): string {
  const needsDetail = NEEDS_DETAIL.includes(code)
  const known = needsDetail ? findWords(language, detail) : undefined
  const text = language === 'vi' ? (REFUSALS_IN_VIETNAMESE[code] ?? UNSENT_IN_VIETNAMESE[code]) : detail
  return known ?? (text && needsDetail && text !== detail ? `${text}: ${detail}` : (text ?? detail))
}
