"""The names that the standards fix: namespaces, files at a package's root, and patterns."""

from __future__ import annotations

import re

#: IMS Content Packaging, IMS metadata and ADL's extensions, as SCORM 1.2 has them.
IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
#: The namespaces of SCORM 2004, in every edition.
IMSCP_2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP_2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
ADLSEQ = "http://www.adlnet.org/xsd/adlseq_v1p3"
ADLNAV = "http://www.adlnet.org/xsd/adlnav_v1p3"
IMSSS = "http://www.imsglobal.org/xsd/imsss"
#: IEEE 1484.12.3, the metadata of SCORM 2004.
LOM = "http://ltsc.ieee.org/xsd/LOM"
#: The course structure of cmi5 (Quartz, 13.2), which is also where its schema lies.
CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
XS = "http://www.w3.org/2001/XMLSchema"

#: What says what a package of SCORM holds (1.2 CAM 2.3; 2004 CAM 3.3), and one of cmi5 (14.1).
MANIFEST = "imsmanifest.xml"
COURSE_STRUCTURE = "cmi5.xml"

#: A language tag, by its form alone (BCP 47, 2.1; RFC 1766, 2, is the same for SCORM 1.2).
LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
