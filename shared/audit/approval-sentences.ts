// What the audit says of approvals.

export const APPROVAL_SENTENCES = {
  approval_requested: { vi: '{code} đã được gửi đi duyệt', en: '{code} was sent to be approved' },
  approval_decided: {
    vi: '{decision, select, approved {{decidedBy, select, policy {{code} được chấp thuận theo quy định} other {{actor} đã duyệt {code}}}} other {{decidedBy, select, policy {{code} bị từ chối theo quy định} other {{actor} đã từ chối {code}}}}}',
    en: '{decision, select, approved {{decidedBy, select, policy {{code} was approved by policy} other {{actor} approved {code}}}} other {{decidedBy, select, policy {{code} was rejected by policy} other {{actor} rejected {code}}}}}',
  },
  approval_step_decided: {
    vi: '{actor} đã quyết định phần của mình về {code}',
    en: '{actor} decided their part of {code}',
  },
  approval_step_expired: {
    vi: 'Một bước duyệt {code} đã quá hạn',
    en: 'A step of {code} passed its deadline',
  },
  approval_step_covered: {
    vi: 'Một bước duyệt {code} không cần ai quyết định nữa',
    en: 'A step of {code} needs nobody any more',
  },
  approval_question_asked: {
    vi: '{actor} đã hỏi người yêu cầu về {code}',
    en: '{actor} asked the requester about {code}',
  },
  approval_question_answered: {
    vi: '{actor} đã trả lời câu hỏi về {code}',
    en: '{actor} answered the question about {code}',
  },
  approval_commented: { vi: '{actor} đã nêu ý kiến về {code}', en: '{actor} commented on {code}' },
  approval_expired: {
    vi: 'Không ai quyết định {code} đúng hạn: {outcome, select, approved {được chấp thuận} escalated {chuyển lên cấp trên} other {bị từ chối}}',
    en: 'Nobody decided on {code} in time: {outcome, select, approved {it was approved} escalated {it went to the next manager} other {it was rejected}}',
  },
  approval_withdrawn: { vi: '{code} không cần duyệt nữa', en: '{code} needs no decision any more' },
  approval_rerouted: { vi: '{code} nay chờ {approver} duyệt', en: '{code} waits for {approver} now' },
} as const
