import { ticketTexts } from '../shared/texts/ticket.ts'
import { inLanguage, language } from './language.ts'

const own = inLanguage({
  en: {
    owner: 'From',
    assignee: 'Taken care of by',
    nobody: 'Nobody yet',
    station: 'About',
    take: 'Take it',
    taken: 'It is yours.',
    close: 'Close the ticket',
    closed: 'Closed.',
    reopen: 'Open again',
    reopened: 'Open again.',
    rating: 'Rating',
    timeline: 'What happened',
    what: {
      created: 'Opened',
      changed: 'Changed',
      closed: 'Closed',
      reopened: 'Opened again',
      rated: 'Rated',
      deleted: 'Deleted',
      answer_missed: 'Nobody answered in time',
      solution_missed: 'Not solved in time',
    },
    emptyWhy: 'Nothing fits these filters.',
    all: 'All',
  },
  vi: {
    owner: 'Người gửi',
    assignee: 'Người phụ trách',
    nobody: 'Chưa có ai',
    station: 'Về',
    take: 'Nhận xử lý',
    taken: 'Bạn phụ trách phiếu này.',
    close: 'Đóng phiếu',
    closed: 'Đã đóng.',
    reopen: 'Mở lại',
    reopened: 'Đã mở lại.',
    rating: 'Đánh giá',
    timeline: 'Diễn biến',
    what: {
      created: 'Được tạo',
      changed: 'Thay đổi',
      closed: 'Được đóng',
      reopened: 'Được mở lại',
      rated: 'Được đánh giá',
      deleted: 'Bị xóa',
      answer_missed: 'Không ai trả lời kịp',
      solution_missed: 'Không xử lý kịp',
    },
    emptyWhy: 'Không có phiếu nào khớp với bộ lọc.',
    all: 'Tất cả',
  },
})

export const ticketText = { ...ticketTexts[language], ...own }
