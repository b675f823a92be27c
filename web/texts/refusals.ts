// What the server refuses, by its code, for those who read Vietnamese. In English it says itself what is wrong, and more exactly.
// The widgets ask for it where they speak Vietnamese (web/widgets/refusals.ts).

import type { Language } from '../shared/language.ts'
import { findWords } from '../shared/texts/field-problems.ts'
import { sayInVietnamese, type Refusal } from '../shared/texts/refusals.ts'

export const REFUSALS_IN_VIETNAMESE: Readonly<Record<string, string>> = {
  malformed: 'Yêu cầu chưa đúng: có mục bị thiếu hoặc sai.',
  unauthorized: 'Phiên đăng nhập đã hết. Hãy đăng nhập lại.',
  forbidden: 'Bạn không có quyền làm việc này.',
  not_found: 'Không tìm thấy, hoặc bạn không được xem.',
  invalid: 'Yêu cầu trái với một quy tắc: {detail}',
  conflict: 'Trái với hiện trạng. Hãy xem lại rồi thử lại: {detail}',
  over_capacity: 'Số người vượt quá số chỗ: {detail}',
  already_decided: 'Đã có người quyết định, hoặc đã hết hạn.',
  impossible_transition: 'Không thể chuyển sang bước này từ trạng thái hiện tại.',
  changed_meanwhile: 'Có người vừa thay đổi. Hãy xem bản mới rồi sửa lại.',
  room_not_active: 'Cuộc trò chuyện đã đóng, không nhận tin nhắn.',
  message_deleted: 'Tin nhắn đã bị xóa.',
  too_late: 'Đã quá thời gian được thay đổi.',
  revoked: 'Khóa đã bị thu hồi. Hãy tạo khóa mới.',
  not_closed: 'Đóng rồi mới đánh giá được.',
  too_many_faqs: 'Bộ câu hỏi đã đạt giới hạn: {detail}',
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

/** All that is refused, by its code. */
export const WORDS_IN_VIETNAMESE = { ...REFUSALS_IN_VIETNAMESE, ...UNSENT_IN_VIETNAMESE }

/** In the reader's language; where the detail has words of its own, they alone. */
export function sayRefusalIn(language: Language, refusal: Refusal): string {
  const { code, detail } = refusal
  const known = REFUSALS_IN_VIETNAMESE[code]?.includes('{detail}') ? findWords(language, detail) : undefined
  return known ?? (language === 'vi' ? sayInVietnamese(WORDS_IN_VIETNAMESE, refusal) : detail)
}
