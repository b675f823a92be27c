// What the audit says of each action, in every language (ICU MessageFormat). The sentence is made when it is read, of the row's
// ids and figures: a row that is written names nobody in words, so that a person is found, and forgotten, by id alone.

import { APPROVAL_SENTENCES } from './approval-sentences.ts'

export type Sentence = Readonly<Record<'vi' | 'en', string>>

/**
 * By action. `{actor}` is who did it, `{person}` the user that it was done to; all else stands in the metadata: `{code}` as it
 * stands there, and `{delegate}` as the name of whoever `delegateId` leads to.
 */
export const SENTENCES = {
  organisation_created: { vi: 'Tổ chức được thành lập', en: 'The organisation was founded' },
  organisation_changed: { vi: '{actor} đã sửa thông tin tổ chức', en: '{actor} changed the organisation' },
  calendar_changed: { vi: '{actor} đã đổi giờ làm việc', en: '{actor} changed the opening hours' },
  approval_policy_changed: {
    vi: '{actor} đã đổi quy định duyệt',
    en: '{actor} changed the approval policy',
  },
  user_created: {
    vi: '{actor} đã thêm {person} với vai trò {role, select, ADMIN {quản trị viên} SUPERVISOR {giám sát} OWNER {chủ sở hữu} STAFF {nhân viên trực} EMPLOYEE {nhân viên} DRIVER {tài xế} CUSTOMER {khách hàng} GUEST {khách vãng lai} other {khác}}',
    en: '{actor} added {person} as {role, select, ADMIN {an admin} SUPERVISOR {a supervisor} OWNER {an owner} STAFF {staff} EMPLOYEE {an employee} DRIVER {a driver} CUSTOMER {a customer} GUEST {a guest} other {something else}}',
  },
  user_changed: { vi: '{actor} đã sửa thông tin của {person}', en: '{actor} changed {person}' },
  password_changed: {
    vi: '{actor} đã đổi mật khẩu của {person}',
    en: '{actor} changed the password of {person}',
  },
  password_reset: {
    vi: '{actor} đã đặt mật khẩu mới qua liên kết trong thư',
    en: '{actor} chose a new password by the link in a mail',
  },
  reset_requested: {
    vi: 'Có người xin đặt lại mật khẩu của {person}',
    en: 'Somebody asked for a new password for {person}',
  },
  user_invited: { vi: '{actor} đã mời {person}', en: '{actor} invited {person}' },
  invitation_accepted: { vi: '{actor} đã nhận lời mời', en: '{actor} accepted the invitation' },
  handed_over: {
    vi: '{actor} đã giao việc của {person} cho {to}: {approvals} yêu cầu duyệt, {tickets} phiếu hỗ trợ, {conversations} cuộc trò chuyện, {bookings} chuyến đi',
    en: '{actor} handed over from {person} to {to}: {approvals} approvals, {tickets} tickets, {conversations} conversations, {bookings} trips',
  },
  preferences_changed: {
    vi: '{actor} đã đổi cách nhận thông báo',
    en: '{actor} changed how they are told things',
  },
  guest_created: { vi: 'Khách {person} đã vào', en: 'The guest {person} came in' },
  person_erased: { vi: 'Những gì nêu tên một người đã được xóa', en: 'What named a person was erased' },
  login: { vi: '{actor} đã đăng nhập', en: '{actor} signed in' },
  second_factor_set: {
    vi: '{actor} đã bật yếu tố xác thực thứ hai',
    en: '{actor} set up a second factor',
  },
  second_factor_removed: {
    vi: '{actor} đã gỡ yếu tố xác thực thứ hai của {person}',
    en: '{actor} removed the second factor of {person}',
  },
  recovery_code_used: {
    vi: '{actor} đã đăng nhập bằng mã khôi phục',
    en: '{actor} signed in with a recovery code',
  },
  recovery_codes_renewed: {
    vi: '{actor} đã tạo mã khôi phục mới',
    en: '{actor} had new recovery codes made',
  },
  token_made: { vi: '{actor} đã đăng nhập thay {user}', en: '{actor} had a token made for {user}' },
  logout: {
    vi: 'Phiên của {actor} đã kết thúc: {reason, select, signed_out {đăng xuất} token_reused {mã làm mới bị dùng lại} password_changed {mật khẩu đã đổi} second_factor_set {yếu tố thứ hai đã bật} person_changed {thông tin người dùng đã đổi} person_erased {người dùng đã bị xóa} guest_silent {khách không viết gì} issuer_changed {hệ thống đăng nhập đã đổi} other {không rõ}}',
    en: 'A session of {actor} ended: {reason, select, signed_out {they signed out} token_reused {a used refresh token was presented} password_changed {the password was changed} second_factor_set {a second factor was set up} person_changed {the person was changed} person_erased {the person was erased} guest_silent {the guest wrote nothing} issuer_changed {the issuer that they signed in with was changed} other {the reason is not known}}',
  },

  booking_created: { vi: '{actor} đã đặt {code}', en: '{actor} asked for {code}' },
  booking_handed_over: {
    vi: '{actor} đã ghi biên bản bàn giao của {code}',
    en: '{actor} recorded a hand-over of {code}',
  },
  booking_changed: { vi: '{actor} đã thay đổi {code}', en: '{actor} changed {code}' },
  booking_approved: { vi: '{code} đã được chấp thuận', en: '{code} was approved' },
  booking_cancelled: {
    vi: '{code} {decidedBy, select, person {đã bị từ chối} policy {bị từ chối theo quy định} expiry {đã hết hạn duyệt} other {đã bị hủy}}',
    en: '{code} {decidedBy, select, person {was rejected} policy {was rejected by the rules} expiry {was not approved in time} other {was cancelled}}',
  },
  booking_confirmed: { vi: '{actor} đã xác nhận {code}', en: '{actor} confirmed {code}' },
  booking_assigned: { vi: '{actor} đã phân công {code}', en: '{actor} assigned {code}' },
  booking_reassigned: { vi: '{actor} đã phân công lại {code}', en: '{actor} reassigned {code}' },
  booking_in_progress: { vi: '{code} đã khởi hành', en: '{code} has started' },
  booking_completed: { vi: '{code} đã hoàn thành', en: '{code} was completed' },
  booking_redirected_external: {
    vi: '{actor} đã chuyển {code} sang dịch vụ ngoài',
    en: '{actor} redirected {code} to an outside service',
  },
  booking_pending: { vi: '{code} đang chờ xử lý', en: '{code} waits to be confirmed' },
  booking_pending_approval: { vi: '{code} đang chờ duyệt', en: '{code} waits for approval' },
  vehicle_arriving: { vi: 'Xe của {code} sắp đến', en: 'The vehicle of {code} is arriving' },

  ...APPROVAL_SENTENCES,
  delegation_ended: {
    vi: 'Ủy quyền của {delegator} cho {delegate} đã kết thúc vì một trong hai không còn duyệt được',
    en: 'The delegation of {delegator} to {delegate} ended, as one of them can decide no more',
  },
  delegation_created: {
    vi: '{actor} đã ủy quyền duyệt cho {delegate}',
    en: '{actor} delegated their decisions to {delegate}',
  },
  delegation_revoked: { vi: '{actor} đã thu hồi ủy quyền', en: '{actor} took their delegation back' },
  decision_link_used: {
    vi: '{actor} đã quyết định qua liên kết trong thư',
    en: '{actor} decided by the link in a mail',
  },

  room_created: { vi: 'Một phòng trò chuyện được tạo', en: 'A room was created' },
  room_active: { vi: 'Một phòng trò chuyện được mở lại', en: 'A room was reactivated' },
  room_archived: { vi: 'Một phòng trò chuyện được cất đi', en: 'A room was archived' },
  room_closed: { vi: 'Một phòng trò chuyện đã đóng', en: 'A room was closed' },
  group_created: { vi: '{actor} đã tạo một nhóm', en: '{actor} created a group' },
  group_changed: { vi: '{actor} đã sửa một nhóm', en: '{actor} changed a group' },
  group_deleted: { vi: '{actor} đã xóa một nhóm', en: '{actor} deleted a group' },
  member_added: { vi: '{user} đã vào phòng', en: '{user} joined a room' },
  member_removed: { vi: '{user} đã rời phòng', en: '{user} left a room' },
  message_sent: { vi: '{actor} đã viết', en: '{actor} wrote' },
  message_edited: { vi: '{actor} đã sửa tin nhắn số {seq}', en: '{actor} edited message {seq}' },
  message_deleted: { vi: '{actor} đã xóa tin nhắn số {seq}', en: '{actor} deleted message {seq}' },
  messages_forgotten: {
    vi: '{count} tin nhắn cũ hơn {days} ngày đã được xóa',
    en: '{count, plural, one {One message} other {# messages}} older than {days} days expired',
  },
  conversation_assigned: { vi: '{actor} đã giao một cuộc trò chuyện', en: '{actor} assigned a conversation' },
  conversation_rated: { vi: '{actor} đã đánh giá một cuộc trò chuyện', en: '{actor} rated a conversation' },
  conversation_changed: { vi: '{actor} đã sửa một cuộc trò chuyện', en: '{actor} changed a conversation' },
  faq_created: { vi: '{actor} đã thêm một câu hỏi thường gặp', en: '{actor} added an FAQ' },
  faq_changed: { vi: '{actor} đã sửa một câu hỏi thường gặp', en: '{actor} changed an FAQ' },
  faq_deleted: { vi: '{actor} đã xóa một câu hỏi thường gặp', en: '{actor} deleted an FAQ' },
  auto_response_created: {
    vi: '{actor} đã thêm một câu trả lời tự động',
    en: '{actor} added an automatic reply',
  },
  auto_response_changed: {
    vi: '{actor} đã sửa một câu trả lời tự động',
    en: '{actor} changed an automatic reply',
  },
  auto_response_deleted: {
    vi: '{actor} đã xóa một câu trả lời tự động',
    en: '{actor} deleted an automatic reply',
  },

  ticket_created: {
    vi: '{actor} đã mở yêu cầu hỗ trợ #{supportId}',
    en: '{actor} opened ticket #{supportId}',
  },
  ticket_changed: {
    vi: '{actor} đã sửa yêu cầu hỗ trợ #{supportId}',
    en: '{actor} changed ticket #{supportId}',
  },
  ticket_rated: {
    vi: '{actor} đã đánh giá yêu cầu hỗ trợ #{supportId}',
    en: '{actor} rated ticket #{supportId}',
  },
  ticket_closed: {
    vi: '{actor} đã đóng yêu cầu hỗ trợ #{supportId}',
    en: '{actor} closed ticket #{supportId}',
  },
  ticket_reopened: {
    vi: '{actor} đã mở lại yêu cầu hỗ trợ #{supportId}',
    en: '{actor} reopened ticket #{supportId}',
  },
  ticket_deleted: {
    vi: '{actor} đã xóa yêu cầu hỗ trợ #{supportId}',
    en: '{actor} deleted ticket #{supportId}',
  },
  ticket_answer_missed: {
    vi: 'Yêu cầu hỗ trợ #{supportId} chưa được trả lời đúng hạn',
    en: 'Ticket #{supportId} was not answered in time',
  },
  ticket_solution_missed: {
    vi: 'Yêu cầu hỗ trợ #{supportId} chưa được giải quyết đúng hạn',
    en: 'Ticket #{supportId} was not solved in time',
  },

  resource_created: { vi: '{actor} đã thêm một tài nguyên', en: '{actor} added a resource' },
  resource_changed: { vi: '{actor} đã sửa một tài nguyên', en: '{actor} changed a resource' },
  file_uploaded: {
    vi: '{actor} đã tải lên một tệp {size} byte',
    en: '{actor} uploaded a file of {size} bytes',
  },
  file_shared: { vi: '{actor} đã gửi một tệp {size} byte', en: '{actor} shared a file of {size} bytes' },
  file_removed: { vi: 'Một tệp {size} byte đã được xóa', en: 'A file of {size} bytes was removed' },
  export: { vi: '{actor} đã xuất nhật ký ra {format}', en: '{actor} took the audit out as {format}' },

  calendar_feed_created: { vi: '{actor} đã tạo một địa chỉ lịch', en: '{actor} made a calendar address' },
  calendar_feed_revoked: {
    vi: '{actor} đã thu hồi một địa chỉ lịch',
    en: '{actor} took a calendar address back',
  },
  api_key_created: { vi: '{actor} đã tạo một khóa API', en: '{actor} made an API key' },
  api_key_rotated: { vi: '{actor} đã thay một khóa API', en: '{actor} rotated an API key' },
  api_key_revoked: { vi: '{actor} đã thu hồi một khóa API', en: '{actor} revoked an API key' },
  issuer_created: {
    vi: '{actor} đã cho phép một bên cấp mã đăng nhập',
    en: '{actor} began to trust an issuer of tokens',
  },
  issuer_changed: {
    vi: '{actor} đã sửa một bên cấp mã đăng nhập',
    en: '{actor} changed an issuer of tokens',
  },
  issuer_removed: {
    vi: '{actor} đã bỏ một bên cấp mã đăng nhập',
    en: '{actor} took an issuer of tokens away',
  },
  event_received: {
    vi: 'Từ bên ngoài: {type, select, booking_created {đặt chỗ mới} booking_status_changed {đặt chỗ đổi trạng thái} payment_received {đã nhận thanh toán} payment_failed {thanh toán không thành công} client_created {khách hàng mới} appointment_reminder {nhắc lịch hẹn} staff_availability_changed {nhân viên đổi lịch làm việc} inventory_low_stock {sắp hết hàng} system_alert {cảnh báo} other {một sự kiện}}',
    en: "From outside: {type, select, booking_created {a new booking} booking_status_changed {a booking changed} payment_received {a payment was received} payment_failed {a payment failed} client_created {a new client} appointment_reminder {an appointment is coming up} staff_availability_changed {somebody's availability changed} inventory_low_stock {something is running low} system_alert {an alert} other {an event}}",
  },
  subscription_added: {
    vi: '{actor} đã bật thông báo đẩy trên một thiết bị',
    en: '{actor} turned push on for a device',
  },
  subscription_removed: {
    vi: '{actor} đã tắt thông báo đẩy trên một thiết bị',
    en: '{actor} turned push off for a device',
  },
  delivery_retried: { vi: '{actor} đã cho gửi lại một thông báo', en: '{actor} had a delivery tried again' },
  webhook_created: { vi: '{actor} đã thêm webhook tới {host}', en: '{actor} added a webhook to {host}' },
  webhook_changed: { vi: '{actor} đã sửa webhook tới {host}', en: '{actor} changed the webhook to {host}' },
  webhook_removed: { vi: '{actor} đã xóa webhook tới {host}', en: '{actor} removed the webhook to {host}' },
  webhook_secret_rotated: {
    vi: '{actor} đã thay khóa bí mật của webhook tới {host}',
    en: '{actor} rotated the secret of the webhook to {host}',
  },
  webhook_replayed: {
    vi: '{actor} đã cho gửi lại tới {host}',
    en: '{actor} had deliveries to {host} sent again',
  },
  webhook_tested: { vi: '{actor} đã gửi thử tới {host}', en: '{actor} sent a test to {host}' },
  webhook_disabled: { vi: 'Webhook tới {host} đã bị tắt', en: 'The webhook to {host} was disabled' },

  queue_job_retried: { vi: '{actor} đã cho chạy lại một công việc', en: '{actor} had a job tried again' },
  queue_jobs_retried: {
    vi: '{actor} đã cho chạy lại mọi công việc hỏng của một hàng đợi',
    en: '{actor} had all failed jobs of a queue tried again',
  },
  queue_job_promoted: {
    vi: '{actor} đã cho một công việc chạy sớm',
    en: '{actor} brought a waiting job forward',
  },
  queue_jobs_promoted: {
    vi: '{actor} đã cho mọi công việc chờ của một hàng đợi chạy sớm',
    en: '{actor} brought all waiting jobs of a queue forward',
  },
  queue_paused: { vi: '{actor} đã tạm dừng một hàng đợi', en: '{actor} paused a queue' },
  queue_resumed: { vi: '{actor} đã cho một hàng đợi chạy tiếp', en: '{actor} resumed a queue' },
  queues_paused: { vi: '{actor} đã tạm dừng mọi hàng đợi', en: '{actor} paused all queues' },
  queues_resumed: { vi: '{actor} đã cho mọi hàng đợi chạy tiếp', en: '{actor} resumed all queues' },
} as const satisfies Record<string, Sentence>

export type AuditAction = keyof typeof SENTENCES
