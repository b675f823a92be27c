import type { Parameters } from '../../shared/notifications/catalogue.ts'

/** Something to say for everything that a notification may speak of. Values that cannot be mistaken for a text's own words. */
export const SAMPLE: Parameters = {
  requester: 'Nguyễn Thị Mai',
  code: 'DEMO-20310310-0001',
  date: '2031-03-10',
  time: '08:30',
  deadline: new Date('2031-03-04T02:00:00Z'),
  number: '3',
  outcome: 'approved',
  decidedBy: 'person',
  reason: 'Không có ngân sách',
  resource: '51A-123.45',
  driver: 'Hồ Văn Tài',
  sender: 'Đỗ Thị Lan',
  customer: 'Lý Gia Hân',
  text: 'Em đến rồi',
  kind: 'LATE_RETURN',
  subject: 'Máy chủ',
  before: 'chờ',
  after: 'xong',
  amount: { amount: 1_500_000, currency: 'VND' },
  address: 'hooks.example',
  approver: 'Trần Văn Nam',
  details: { vi: 'Mục đích: Khách hàng', en: 'Purpose: a customer' },
}
