/* SPDX-License-Identifier: MIT */
/* How a kind is written down, and the kinds that few databases have (kinds-rare.c). */
#ifndef DARA_POSTGRES_KINDS_H
#define DARA_POSTGRES_KINDS_H

#include "pg.h"

#define ALTER    DARA_PROPERTY_ALTER
#define REPLACE  DARA_PROPERTY_REPLACE
#define RECREATE DARA_PROPERTY_RECREATE
#define INFO     DARA_PROPERTY_INFO
#define OWNER    DARA_PROPERTY_OWNER
#define KIND_NAMED(storage, variable, kind_name, kind_plural, kind_owner, kind_order, kind_flags, ...) \
    static const struct dara_property kind_name##_properties[] = {__VA_ARGS__, {NULL, INFO}};          \
    storage const struct dara_kind variable = {.size = sizeof(struct dara_kind),                       \
                                               .name = #kind_name,                                     \
                                               .plural = kind_plural,                                  \
                                               .owner = kind_owner,                                    \
                                               .order = kind_order,                                    \
                                               .flags = kind_flags,                                    \
                                               .properties = kind_name##_properties}
#define KIND(kind_name, kind_plural, kind_owner, kind_order, kind_flags, ...) \
    KIND_NAMED(static, kind_name##_kind, kind_name, kind_plural, kind_owner, kind_order, kind_flags, __VA_ARGS__)

extern const struct dara_kind postgres_collation_kind, postgres_conversion_kind, postgres_text_search_parser_kind,
    postgres_text_search_template_kind, postgres_text_search_dictionary_kind, postgres_text_search_configuration_kind,
    postgres_language_kind, postgres_access_method_kind, postgres_operator_kind, postgres_operator_family_kind,
    postgres_operator_class_kind, postgres_cast_kind, postgres_transform_kind, postgres_foreign_data_wrapper_kind,
    postgres_foreign_server_kind, postgres_foreign_table_kind, postgres_user_mapping_kind, postgres_publication_kind,
    postgres_subscription_kind, postgres_attribute_kind, postgres_partition_index_kind;
/* kinds-privilege.c */
extern const struct dara_kind postgres_privilege_kind, postgres_system_privilege_kind, postgres_default_privilege_kind,
    postgres_setting_kind, postgres_security_label_kind, postgres_extension_dependence_kind;

#endif
