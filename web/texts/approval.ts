import { approvalTexts } from '../shared/texts/approval.ts'
import { inLanguage, language } from './language.ts'

const own = inLanguage({
  en: {
    step: {
      waiting: 'Its turn has not come',
      open: 'Being decided',
      approved: 'Approved',
      rejected: 'Rejected',
      expired: 'Expired',
      skipped: 'Not needed',
      withdrawn: 'Withdrawn',
    },
    from: 'From',
    steps: 'Who decides',
    need: (count: number, of: number) => `${count} of ${of} needed`,
    waits: 'Not yet decided',
    onBehalfOf: (name: string) => `in place of ${name}`,
    emptyWhy: 'Nothing fits these filters.',
    booking: 'To the booking',
    all: 'All',
    undecided: 'Undecided',
  },
  vi: {
    step: {
      waiting: 'Chưa đến lượt',
      open: 'Đang chờ quyết định',
      approved: 'Đã duyệt',
      rejected: 'Đã từ chối',
      expired: 'Hết hạn',
      skipped: 'Không cần',
      withdrawn: 'Đã rút lại',
    },
    from: 'Từ',
    steps: 'Người quyết định',
    need: (count, of) => `Cần ${count} trên ${of}`,
    waits: 'Chưa quyết định',
    onBehalfOf: (name) => `thay ${name}`,
    emptyWhy: 'Không có yêu cầu nào khớp với bộ lọc.',
    booking: 'Đến chuyến xe',
    all: 'Tất cả',
    undecided: 'Chưa quyết định',
  },
})

export const approvalText = { ...approvalTexts[language], ...own }
