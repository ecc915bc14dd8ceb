/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-material.h: what a report is made of, gathered here and redacted by a worker. */
#pragma once

#include "client/helper/worker-report.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_MATERIAL_DIAGNOSTICS, ADIT_MATERIAL_LOG, ADIT_MATERIAL_BACK_ENDS,
  /* What is to be redacted: */
  ADIT_MATERIAL_HOSTS, ADIT_MATERIAL_USERS, ADIT_MATERIAL_HOMES, ADIT_MATERIAL_NETWORKS,
  ADIT_N_MATERIALS
} AditMaterialKind;

typedef struct
{
  GPtrArray *lines[ADIT_N_MATERIALS];    /* of char */
  char      *system, *words, *contact;
} AditReportMaterial;

AditReportMaterial *adit_report_material_new  (void);
void                adit_report_material_free (AditReportMaterial *self);
void                adit_report_material_add  (AditReportMaterial *self, AditMaterialKind kind, const char *text);
void                adit_report_material_add_dict (AditReportMaterial *self, GVariant *dict, const char *const *left_out);
void                adit_report_material_add_computer (AditReportMaterial *self);
void                adit_report_material_add_people (AditReportMaterial *self, const char *passwd_path);
void                adit_report_material_get_facts (AditReportMaterial *self, const char *id, int note_fd,
                                                    AditReportFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportMaterial, adit_report_material_free)

G_END_DECLS
