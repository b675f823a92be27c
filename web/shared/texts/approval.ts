// What is said about approvals.

import { inLanguages } from '../language.ts'

export const approvalTexts = inLanguages({
  en: {
    status: {
      PENDING: 'Awaiting decision',
      APPROVED: 'Approved',
      REJECTED: 'Rejected',
      EXPIRED: 'Expired',
      AUTO_APPROVED: 'Approved by rule',
      WITHDRAWN: 'Withdrawn',
    },
    as: { approver: 'Asked of me', requester: 'My requests', delegate: 'In place of others', admin: 'All' },
    approve: 'Approve',
    reject: 'Reject',
    approved: 'Approved.',
    rejected: 'Rejected.',
    note: 'Note',
    noteOptional: 'Note (optional)',
    reason: 'Reason, which the requester reads',
    rejectTitle: 'Reject this request?',
    approveTitle: 'Approve this request?',
    due: 'Decide by',
    empty: 'No approvals here',
    nothingWaits: 'Nothing waits for a decision.',
  },
  vi: {
    status: {
      PENDING: 'Chờ quyết định',
      APPROVED: 'Đã duyệt',
      REJECTED: 'Đã từ chối',
      EXPIRED: 'Hết hạn',
      AUTO_APPROVED: 'Duyệt theo quy định',
      WITHDRAWN: 'Đã rút lại',
    },
    as: {
      approver: 'Hỏi ý kiến tôi',
      requester: 'Yêu cầu của tôi',
      delegate: 'Thay người khác',
      admin: 'Tất cả',
    },
    approve: 'Duyệt',
    reject: 'Từ chối',
    approved: 'Đã duyệt.',
    rejected: 'Đã từ chối.',
    note: 'Ghi chú',
    noteOptional: 'Ghi chú (không bắt buộc)',
    reason: 'Lý do, người yêu cầu sẽ đọc',
    rejectTitle: 'Từ chối yêu cầu này?',
    approveTitle: 'Duyệt yêu cầu này?',
    due: 'Hạn quyết định',
    empty: 'Không có yêu cầu nào',
    nothingWaits: 'Không có yêu cầu nào chờ quyết định.',
  },
})
