import { expect } from 'chai'
import { planImport, type KnownPerson } from '../../shared/people/import/plan.ts'
import { readPeople } from '../../shared/people/import/read.ts'

const person = (name: string, more: Partial<KnownPerson> = {}): KnownPerson => ({
  id: name,
  email: `${name}@demo.test`,
  fullName: name,
  externalId: null,
  phone: null,
  role: 'EMPLOYEE',
  userSegment: null,
  positionLevel: 'STAFF',
  managerId: null,
  department: null,
  locale: null,
  isActive: true,
  ...more,
})
const ADMIN = person('admin', { role: 'ADMIN' })

async function plan(csv: string, known: readonly KnownPerson[] = [ADMIN]) {
  const { rows, problems } = await readPeople(csv, 'text/csv')
  let count = 0
  const planned = planImport(rows, known, () => `new${++count}`)
  return { ...planned, problems: [...problems, ...planned.problems] }
}
const said = ({ problems }: { problems: { line: number; field: string | null; message: string }[] }) =>
  problems.map(({ line, field, message }) => `${line} ${field ?? '-'}: ${message}`)

describe('the file of an import', () => {
  it('names its columns in any spelling, and is separated as spreadsheets of a country do', async () => {
    for (const csv of [
      'Email,Full name,external_id,Position Level\na@x.test,"Trần, An",7,mgr',
      '\uFEFFemail;fullName;externalId;positionLevel\r\na@x.test;"Trần, An";7;MGR\r\n',
      'EMAIL\tFULL_NAME\tEXTERNAL-ID\tPOSITION_LEVEL\n\na@x.test\tTrần, An\t7\tMgr',
    ]) {
      const { created, problems } = await plan(csv)
      expect(problems, csv).to.deep.equal([])
      expect(created).to.have.length(1)
      expect(created[0]).to.include({
        email: 'a@x.test',
        fullName: 'Trần, An',
        externalId: '7',
        positionLevel: 'MGR',
      })
    }
  })

  it('may be a JSON object a line, in which null takes something away', async () => {
    const { rows, problems } = await readPeople(
      '{"email":"admin@demo.test","department":null}\n\n{"email":"b@x.test","fullName":"B"}\n{nothing',
      'application/x-ndjson',
    )
    expect(rows.map(({ line }) => line)).to.deep.equal([1, 3])
    expect(problems).to.deep.equal([{ line: 4, field: null, message: 'is not valid JSON' }])
    const known = person('admin', { department: 'Kho' })
    expect(planImport(rows, [known], () => 'x').changed[0]?.after.department).to.equal(null)
  })

  it('is refused with every problem and its line, the lines behind a wrong one included', async () => {
    const found = await plan(
      'email,fullName,role,isActive,phone\nnone,A,EMPLOYEE,yes,0908123456\nb@x.test,,CAPTAIN,maybe,12\nc@x.test,C,STAFF,no\nd@x.test,D,,,',
    )
    expect(said(found)).to.deep.equal([
      '2 email: must be an e-mail address',
      '3 role: must be one of ADMIN, SUPERVISOR, OWNER, STAFF, EMPLOYEE, DRIVER, CUSTOMER',
      '3 isActive: must be boolean',
      '4 -: has 4 cells, the header 5',
    ])
    expect(said(await plan('email,colour\na@x.test,red'))[0]).to.match(
      /^1 colour: is no column; there are externalId/,
    )
    expect(said(await plan(''))).to.deep.equal(['1 -: there is no header'])
    expect(said(await plan('email,fullName\n"a@x.test,A\n'))[0]).to.match(/^\d+ -: cannot be read/)
  })
})

describe('what a file means', () => {
  it('finds people by external id first, else by address, and changes what is another', async () => {
    const known = [ADMIN, person('an', { externalId: '7', department: 'Kho' }), person('binh')]
    const { created, changed, unchanged, problems } = await plan(
      'externalId,email,fullName,department\n7,an.new@demo.test,an,\n8,binh@demo.test,Bình,\n9,chi@demo.test,Chi,Kho\n,admin@demo.test,admin,',
      known,
    )
    expect(problems).to.deep.equal([])
    expect(created.map(({ email }) => email)).to.deep.equal(['chi@demo.test'])
    expect(
      changed.map(({ after }) => [after.id, after.email, after.externalId, after.department]),
    ).to.deep.equal([
      ['an', 'an.new@demo.test', '7', 'Kho'],
      ['binh', 'binh@demo.test', '8', null],
    ])
    expect(unchanged).to.equal(1)
  })

  it('changes nothing when it comes once more', async () => {
    const csv = 'externalId,email,fullName,manager\n1,a@x.test,A,2\n2,b@x.test,B,\n3,c@x.test,C,a@x.test'
    const first = await plan(csv)
    expect(first.created.map(({ managerId }) => managerId)).to.deep.equal(['new2', null, 'new1'])
    const second = await plan(csv, [ADMIN, ...first.created])
    expect([second.created, second.changed, second.unchanged, second.problems]).to.deep.equal([[], [], 3, []])
  })

  for (const [what, csv, says] of [
    ['the same person twice', 'email,fullName\na@x.test,A\nA@X.test,B', '3 email: stands in line 2 already'],
    [
      'an address of somebody else',
      'externalId,email\n7,binh@demo.test',
      '2 email: belongs to somebody with another external id',
    ],
    [
      'another external id',
      'externalId,email\n9,an@demo.test',
      '2 externalId: is another than that of the person with this address',
    ],
    [
      'a telephone number of somebody else',
      'email,phone\nbinh@demo.test,+84908123456',
      '2 phone: is taken by somebody else',
    ],
    [
      'nobody as a manager',
      'email,manager\nbinh@demo.test,x@x.test',
      '2 manager: is nobody of the organisation or of this file',
    ],
    [
      'oneself as a manager',
      'email,manager\nbinh@demo.test,binh@demo.test',
      '2 manager: is the person themselves',
    ],
    [
      'a customer as a manager',
      'email,manager\nbinh@demo.test,khach@demo.test',
      "2 manager: is a CUSTOMER, who is nobody's manager",
    ],
    [
      'a circle',
      'email,manager\nan@demo.test,binh@demo.test\nbinh@demo.test,an@demo.test',
      '2 manager: reports to this person, which would be a circle',
    ],
    [
      'no ADMIN any more',
      'email,isActive\nadmin@demo.test,no',
      '2 role: would leave the organisation without an active ADMIN',
    ],
    ['somebody new without a name', 'email\nd@x.test', '2 fullName: is missing'],
    ['somebody new without an address', 'fullName\nD', '2 email: is missing'],
  ] as const) {
    it(`is wrong with ${what}`, async () => {
      const known = [
        ADMIN,
        person('an', { externalId: '7', phone: '+84908123456' }),
        person('binh'),
        person('khach', { role: 'CUSTOMER' }),
      ]
      expect(said(await plan(csv, known))).to.include(says)
    })
  }

  it('lets one ADMIN follow another, and people swap their managers', async () => {
    const known = [ADMIN, person('an', { managerId: 'binh' }), person('binh')]
    const found = await plan(
      'email,role,manager\nadmin@demo.test,STAFF,\nan@demo.test,ADMIN,\nbinh@demo.test,EMPLOYEE,',
      known,
    )
    expect(found.problems).to.deep.equal([])
    const swapped = await readPeople(
      '{"email":"an@demo.test","manager":null}\n{"email":"binh@demo.test","manager":"an@demo.test"}',
      'application/x-ndjson',
    )
    expect(planImport(swapped.rows, known, () => 'x').problems).to.deep.equal([])
  })
})
