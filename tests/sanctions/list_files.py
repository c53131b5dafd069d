"""List files as their makers publish them, small and made up; the real ones lie in the shared data."""

import io
import zipfile

OFAC_ROW = (
    '{number},"{name}","vessel","RUSSIA-EO14024] [NPWMD",-0- ,"UBIO7","Roll-on Roll-off",-0- ,8811,Russia,-0- ,'
    "\"Vessel Registration Identification IMO {imo}; MMSI 273210440; f.k.a. 'NEPTUN'; a.k.a. 'LADY'S LUCK'; "
    'Linked To: M LEASING LLC."'
)
OFAC_ALT = '37059,58240,"fka","NEPTUN II",-0- \n37059,58241,"aka","АНГАРА","weak alias"\n1,2,"aka",-0- ,-0- \n'
OFAC_ADD = '37059,77,"Baumanskaya 7","Moscow","Russia",-0- \n'

UK_HEADER = (
    "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Alias strength,Name non-latin script,Regime Name,"
    "Designation Type,Date Designated,Sanctions Imposed,Other Information,IMO number"
)
UK_ROWS = (
    '31/07/2024,RUS2183,16000,ANGARA,,Primary Name,,Ангара,Russia,Ship,31/07/2024,"De-flag, Prohibition of port entry",'
    '"Carries cargo.\nAlso known to sail dark.",9179842',
    "31/07/2024,RUS2183,16000,ANGARRA,,Alias,Low quality a.k.a,,Russia,Ship,31/07/2024,,,9179842",
    "18/05/2023,RUS1850,15900,M Leasing LLC,,Primary Name,,,Russia,Entity,18/05/2023,Asset freeze,,",
)

EU_HEADER = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_Remark;"
    "Entity_SubjectType_ClassificationCode;Entity_Regulation_EntryIntoForceDate;Entity_Regulation_Programme;"
    "NameAlias_WholeName;Identification_Number;Identification_TypeCode;Identification_TypeDescription"
)
EU_ROWS = (
    "2024-03-01;370;EU.370.1;;;E;2024-02-23;UKR;M Leasing LLC;;;",
    "2024-03-01;370;EU.370.1;;;E;2024-02-23;UKR;ООО М ЛИЗИНГ;;;",
    "2024-03-01;370;EU.370.1;;;E;2024-02-23;UKR;;6246853;imo;IMO company number",
)
EU_XML = (
    '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-03-01T10:00:00.000+01:00">'
    '<sanctionEntity logicalId="370" euReferenceNumber="EU.370.1"><remark>Ships arms.</remark>'
    '<regulation programme="UKR" entryIntoForceDate="2024-02-23"/><subjectType code="enterprise"/>'
    '<nameAlias wholeName="M Leasing LLC" strong="true"/><nameAlias wholeName="M Lizing" strong="false"/>'
    '<identification identificationTypeCode="imo" number="6246853"/></sanctionEntity></export>'
)
UN_XML = (
    '<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>A</FIRST_NAME>'
    "<SECOND_NAME>PERSON</SECOND_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.001</REFERENCE_NUMBER>"
    "<LISTED_ON>2015-04-07-04:00</LISTED_ON><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>AP</ALIAS_NAME>"
    "</INDIVIDUAL_ALIAS></INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>A FLEET</FIRST_NAME>"
    "<REFERENCE_NUMBER>KPe.001</REFERENCE_NUMBER><LISTED_ON>soon</LISTED_ON><COMMENTS1>IMO Number: 6246853.</COMMENTS1>"
    "<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD FLEET</ALIAS_NAME></ENTITY_ALIAS></ENTITY>"
    "<ENTITY><REFERENCE_NUMBER>KPe.002</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>"
)
SDN_XML = (
    '<sdnList xmlns="https://example.org/sdn"><publshInformation><Publish_Date>01/11/2023</Publish_Date>'
    "<Record_Count>{count}</Record_Count></publshInformation><sdnEntry><uid>37059</uid><lastName>ANGARA</lastName>"
    "<sdnType>Vessel</sdnType><programList><program>RUSSIA-EO14024</program></programList><idList>"
    "<id><idType>Vessel Registration Identification</idType><idNumber>IMO 9179842</idNumber></id>"
    "<id><idType>MMSI</idType><idNumber>273210440</idNumber></id></idList><akaList>"
    "<aka><type>f.k.a.</type><category>weak</category><lastName>NEPTUN</lastName></aka></akaList>"
    "<vesselInfo><callSign>UBIO7</callSign><vesselFlag>Russia</vesselFlag></vesselInfo></sdnEntry>"
    "<sdnEntry><uid>1</uid></sdnEntry></sdnList>"
)
FTM = (
    '{"id": "s2", "schema": "Sanction", "properties": {"entity": ["v"], "programId": ["EU-RUS"], '
    '"startDate": ["2024-06-25"]}}',
    '{"id": "v", "schema": "Vessel", "properties": {"name": ["ANGARA", "Ангара"], "imoNumber": ["IMO9179842"], "mmsi": '
    '["273210440"], "previousName": ["NEPTUN"], "weakAlias": ["A."], "flag": ["ru"], "topics": ["sanction"]}}',
    '{"id": "a", "schema": "Address", "properties": {"full": ["Somewhere"]}}',
    '{"id": "n", "schema": "Company", "properties": {"name": ["Not listed"]}}',
    '{"id": "s1", "schema": "Sanction", "properties": {"entity": ["v"], "program": ["X"], '
    '"listingDate": ["2022-05-08"]}}',
)
TARGETS_HEADER = "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,dataset,first_seen"
TARGETS_ROW = 'v,Vessel,ANGARA,"Ангара;앙가라",,ru,,IMO9179842;273210440;UBIO7,US list,Some lists,2022-05-08'


def ofac(*rows: tuple[str, str, str]) -> str:
    return "".join(OFAC_ROW.format(number=number, name=name, imo=imo) + "\n" for number, name, imo in rows)


ANGARA, ADLER = ("37059", "ANGARA", "9179842"), ("37057", "ADLER", "9179854")


def table(header: str, *rows: str, before: str = "") -> str:
    return before + "\n".join([header, *rows]) + "\n"


def uk(*rows: str, before: str = "Report Date: 11-Aug-2025\n") -> str:
    return table(UK_HEADER, *(rows or UK_ROWS), before=before)


def ods(*rows: list[str]) -> bytes:
    """Return a spreadsheet as LibreOffice writes it, but for its styles."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return held.getvalue()
