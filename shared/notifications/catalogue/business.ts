// Notifications about what other programs tell, the audit and the system.

import type { CatalogueEntry } from './entry.ts'

export const BUSINESS_CATALOGUE = {
  BOOKING_CREATED: {
    category: 'booking',
    priority: 'medium',
    vi: { title: 'Có đặt chỗ mới', message: '{text}, ngày {date} lúc {time}.' },
    en: { title: 'A new booking', message: '{text}, on {date} at {time}.' },
  },
  BOOKING_STATUS_CHANGED: {
    category: 'booking',
    priority: 'medium',
    vi: { title: 'Đặt chỗ đổi trạng thái', message: '{text}, ngày {date} lúc {time}: {before} → {after}' },
    en: { title: 'A booking changed', message: '{text}, on {date} at {time}: {before} → {after}' },
  },
  PAYMENT_RECEIVED: {
    category: 'payment',
    priority: 'medium',
    vi: { title: 'Đã nhận thanh toán', message: '{amount}, {text}' },
    en: { title: 'Payment received', message: '{amount}, {text}' },
  },
  PAYMENT_FAILED: {
    category: 'payment',
    priority: 'high',
    vi: { title: 'Thanh toán không thành công', message: '{amount}, {text}' },
    en: { title: 'Payment failed', message: '{amount}, {text}' },
  },
  CLIENT_CREATED: {
    category: 'client',
    priority: 'low',
    vi: { title: 'Khách hàng mới', message: '{text}' },
    en: { title: 'A new client', message: '{text}' },
  },
  APPOINTMENT_REMINDER: {
    category: 'appointment',
    priority: 'medium',
    vi: { title: 'Sắp đến lịch hẹn', message: '{text}, ngày {date} lúc {time}.' },
    en: { title: 'An appointment is coming up', message: '{text}, on {date} at {time}.' },
  },
  STAFF_AVAILABILITY_CHANGED: {
    category: 'staff',
    priority: 'medium',
    vi: {
      title: 'Nhân viên đổi lịch làm việc',
      message: '{text} {outcome, select, available {có thể nhận việc.} other {không nhận việc được.}}',
    },
    en: {
      title: "Somebody's availability changed",
      message: '{text} {outcome, select, available {is available.} other {is not available.}}',
    },
  },
  INVENTORY_LOW_STOCK: {
    category: 'inventory',
    priority: 'high',
    vi: { title: 'Sắp hết hàng', message: '{text}' },
    en: { title: 'Running low', message: '{text}' },
  },
  SYSTEM_ALERT: {
    category: 'system',
    priority: 'high',
    vi: { title: 'Cảnh báo: {subject}', message: '{text}' },
    en: { title: 'Alert: {subject}', message: '{text}' },
  },
  AUDIT_RECORDED: {
    category: 'audit',
    priority: 'low',
    vi: {
      title: 'Nhật ký vừa ghi một thay đổi',
      message:
        '{kind, select, booking {Đặt chỗ} payment {Thanh toán} appointment {Lịch hẹn} client {Khách hàng} other {Thiết lập}}: {text}',
    },
    en: {
      title: 'The audit noted a change',
      message:
        '{kind, select, booking {Booking} payment {Payment} appointment {Appointment} client {Client} other {Settings}}: {text}',
    },
  },
  WEBHOOK_DISABLED: {
    category: 'system',
    priority: 'high',
    settledBy: ['webhook'],
    vi: {
      title: 'Một webhook đã bị tắt',
      message: '{address} không nhận được gì nữa, nên không còn được gửi tới: {reason}',
    },
    en: {
      title: 'A webhook was disabled',
      message: 'Nothing is sent to {address} any more, for it does not take it: {reason}',
    },
  },
} as const satisfies Record<string, CatalogueEntry>
